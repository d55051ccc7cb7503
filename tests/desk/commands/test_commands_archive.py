"""`export_articles` and `import_articles`: round trip, and refusals by line number."""

import base64
import io
import json
import uuid
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from articles.models import Article, Author, Section
from audit.models import Entry
from desk.actions import publish_now, withdraw
from desk.models import Draft
from media.models import Photo
from tests.support import make

pytestmark = pytest.mark.django_db

LONG_AGO = timezone.now() - timedelta(days=400)


def iso_days_ago(days: int) -> str:
    """A moment so many days after the first publication."""
    return (LONG_AGO + timedelta(days=days)).isoformat()


def line(**over: Any) -> dict[str, Any]:
    """A line as another system would write it: only what must be there."""
    return {
        "slug": "옛-로봇",
        "headline": "옛 로봇 이야기",
        "summary": ["하나", "둘", "셋"],
        "body_html": "<p>오래전 일입니다.</p>",
        "section": {"slug": "archive", "name": "옛글"},
        "authors": [{"slug": "old", "name": "옛사람", "title": "기자"}],
        "published_at": iso_days_ago(0),
    } | over


def photo() -> dict[str, Any]:
    return {"alt": "문 앞에 선 로봇", "data": base64.b64encode(make.image_bytes()).decode()}


def imported(tmp_path: Path, *lines: Any) -> str:
    """What the command says of these lines, errors included."""
    file = tmp_path / "archive.jsonl"
    raw = [w if isinstance(w, bytes) else json.dumps(w).encode() for w in lines]
    file.write_bytes(b"\n".join(raw) + b"\n")
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_articles", file, stdout=out, stderr=err)
    except CommandError as refusal:
        err.write(str(refusal))
    return out.getvalue() + err.getvalue()


def exported() -> list[dict[str, Any]]:
    out = io.StringIO()
    call_command("export_articles", stdout=out)
    return [json.loads(row) for row in out.getvalue().splitlines()]


def renamed(row: dict[str, Any]) -> dict[str, Any]:
    """The line of another story at other addresses, to go in beside the one it came from."""
    other: dict[str, Any] = json.loads(json.dumps(row, ensure_ascii=False).replace("옛-", "새-"))
    return other | {"id": uuid.uuid4().urn}


def without_files(row: dict[str, Any]) -> Any:
    """The line without what is new at each coming in: the photos' keys and their bytes."""
    iso_days_ago = json.dumps(row | {"photos": [p | {"data": ""} for p in row["photos"].values()]})
    for number, key in enumerate(row["photos"]):
        iso_days_ago = iso_days_ago.replace(key, f"photo {number}")
    return json.loads(iso_days_ago)


def test_imported_article_has_its_original_time(ben: User, api: APIClient, tmp_path: Path) -> None:
    assert "1 brought in" in imported(tmp_path, line())
    page = api.get("/api/v1/articles/옛-로봇/").json()
    assert page["published_at"] == page["updated_at"]
    assert page["published_at"][:10] == f"{timezone.localtime(LONG_AGO):%Y-%m-%d}"
    assert page["section"] == {"slug": "archive", "name": "옛글"}
    assert page["authors"][0]["name"] == "옛사람"


def test_import_is_idempotent(ben: User, tmp_path: Path) -> None:
    imported(tmp_path, line())
    before = Entry.objects.count()
    output = imported(tmp_path, line(headline="다른 제목"))
    assert "0 brought in, 1 here already, 0 refused" in output
    assert Entry.objects.count() == before


def test_bad_lines_are_refused_by_number_and_the_others_imported(ben: User, tmp_path: Path) -> None:
    output = imported(
        tmp_path,
        line(),
        b"{not json",
        line(slug="둘째", summary=["하나뿐"]),
        line(slug="셋째", colour="red"),
        line(slug="넷째", published_at=(timezone.now() + timedelta(days=1)).isoformat()),
        b"\xff\xfe",
        line(slug="다섯째", body_html="<script>1</script>"),
        b'["a list"]',
        line(slug="여섯째"),
    )
    assert "2 brought in, 0 here already, 7 refused" in output
    for number, at in ((3, "/summary"), (4, "/colour"), (5, "/published_at")):
        assert f"line {number}: {at}" in output
    for number in (2, 6, 7, 8):
        assert f"line {number}: " in output
    assert Article.objects.count() == 2


@pytest.mark.parametrize(
    "over",
    [
        {"slug": "Not An Address"},
        {"slug": ""},
        {"slug": "가\u0000나"},
        {"slug": "가\ud800나"},
        {"related": ["옛-로봇"]},
        {"headline": 7},
        {"headline": "가\u0000나"},
        {"headline": "긴" * 201},
        {"section": "none-such"},
        {"authors": []},
        {"authors": ["none-such"]},
        {"related": ["none-such"]},
        {"lead_photo": "none-such-key"},
        {"body_html": '<p>가</p><img src="/media/photos/none-such-key/480.jpg">'},
        {"photos": {"key-of-photo": photo() | {"data": "%%%"}}},
        {"photos": {"key-of-photo": photo() | {"data": "aGVsbG8="}}},
        {"photos": {"key-of-photo": photo() | {"alt": ""}}},
        {"poll": {"question": "한쪽뿐?", "sides": [{"key": "pro"}]}},
        {"corrections": [{"kind": "correction", "note": "앞선 정정", "at": iso_days_ago(0)}]},
        {"updated_at": iso_days_ago(-1)},
        {"withdrawn": {"at": iso_days_ago(-1), "notice": "내립니다"}},
        {"withdrawn": {"at": iso_days_ago(1), "notice": " "}},
        {"embargo_until": iso_days_ago(1)},
        {"expires_at": iso_days_ago(0)},
        {"embargo_until": iso_days_ago(-2), "expires_at": iso_days_ago(-3)},
        {"published_at": "어제"},
        {"published_at": 3},
    ],
)
def test_refused_line_leaves_no_rows(ben: User, tmp_path: Path, over: dict[str, Any]) -> None:
    output = imported(tmp_path, line(**over))
    assert "1 refused" in output
    assert "line 1: " in output
    assert not Article.objects.exists()
    assert not Draft.objects.exists()
    assert not Section.objects.filter(slug="archive").exists()


def test_export_and_import_round_trip(ben: User, tmp_path: Path) -> None:
    imported(tmp_path, *everything())
    out = [renamed(row) for row in exported()]
    assert "3 brought in, 0 here already, 0 refused" in imported(tmp_path, *out)
    again = [row for row in exported() if row["slug"].startswith("새-")]
    assert [without_files(row) for row in again] == [without_files(row) for row in out]


def everything() -> list[dict[str, Any]]:
    """Three stories with all that a line can hold; the first is set beside the last."""
    poll = make.poll_data(opens_at=iso_days_ago(0), closes_at=iso_days_ago(3), results="after_vote")
    body = '<p>그림.</p><img src="/media/photos/key-of-photo/640.jpg" alt="로봇"><h2>왜?</h2><p>그래서.</p>'
    body += '<figure data-embed="https://tv.naver.com/v/1"></figure>'
    body += '<aside class="fact-box"><p>상자</p></aside>'
    body += f'<aside class="related-box" data-related="{uuid.uuid4()}"></aside>'
    before = line(headline="첫 제목")
    before.pop("slug")
    rich = line(
        slug="옛-첫째",
        updated_at=iso_days_ago(9),
        earlier=[before, before | {"headline": "둘째 제목", "published_at": iso_days_ago(2)}],
        corrections=[
            {"kind": "correction", "note": "하나를 고쳤습니다.", "at": iso_days_ago(2)},
            {"kind": "clarification", "note": "둘을 밝힙니다.", "at": iso_days_ago(9)},
            {"kind": "correction", "note": "셋도 고쳤습니다.", "at": iso_days_ago(9)},
        ],
        former_slugs=["옛-옛-첫째"],
        deck="부제",
        tags=["로봇", "연구"],
        body_html=body,
        photos={
            "key-of-photo": photo() | {"caption": "시험실", "credit": "뉴스룸", "focal_x": 0.2}
        },
        lead_photo="key-of-photo",
        poll=poll,
        related=["옛-셋째"],
        source={"name": "통신", "url": "https://example.com/a", "credit": "통신 제공"},
        ai_disclosure={"kind": "assisted", "note": "표를 만들 때 썼습니다."},
        comments="closed",
    )
    gone = line(
        slug="옛-둘째",
        published_at=iso_days_ago(1),
        withdrawn={"at": iso_days_ago(5), "notice": "내립니다."},
    )
    return [rich, gone, line(slug="옛-셋째", published_at=iso_days_ago(2), related=["옛-첫째"])]


def test_embargo_and_expiry_round_trip(ben: User, api: APIClient, tmp_path: Path) -> None:
    away = {"at": iso_days_ago(3), "notice": "내립니다."}
    ends = (timezone.now() + timedelta(days=9)).isoformat()
    rows = [
        line(slug="옛-끝난", expires_at=iso_days_ago(2)),
        line(slug="옛-남은", embargo_until=iso_days_ago(-1), expires_at=ends),
        line(slug="옛-내린", withdrawn=away, embargo_until=ends),
    ]
    imported(tmp_path, *rows)
    codes = {row["slug"]: api.get(f"/api/v1/articles/{row['slug']}/").status_code for row in rows}
    assert codes == {"옛-끝난": 404, "옛-남은": 200, "옛-내린": 410}
    assert Article.objects.get(slug="옛-끝난").live_id is None
    out = [renamed(row) for row in exported()]
    for row, given in zip(out, rows, strict=True):
        for name in ("embargo_until", "expires_at"):
            moment = datetime.fromisoformat(row[name]) if row[name] else None
            assert moment == (datetime.fromisoformat(given[name]) if name in given else None)
    assert "3 brought in" in imported(tmp_path, *out)
    again = [row for row in exported() if row["slug"].startswith("새-")]
    assert [without_files(row) for row in again] == [without_files(row) for row in out]


def test_editions_corrections_and_slugs_round_trip(
    ben: User, api: APIClient, tmp_path: Path
) -> None:
    imported(tmp_path, *everything())
    page = api.get("/api/v1/articles/옛-첫째/").json()
    assert [note["note"] for note in page["corrections"]] == [
        "하나를 고쳤습니다.",
        "둘을 밝힙니다.",
        "셋도 고쳤습니다.",
    ]
    assert page["poll"]["state"] == "closed"
    assert page["related"][0]["slug"] == "옛-셋째"
    assert page["lead_photo"]["caption"] == "시험실"
    key = Photo.objects.get().key
    assert f"/media/photos/{key}/640.jpg" in page["body_html"]
    assert api.get("/api/v1/articles/옛-옛-첫째/").status_code == 301
    assert api.get("/api/v1/articles/옛-둘째/").status_code == 410
    history = api.get("/api/v1/articles/옛-첫째/editions/").json()["results"]
    assert len(history) == 3


def test_reserved_slug_of_a_refused_line_is_freed(
    ben: User, api: APIClient, tmp_path: Path
) -> None:
    output = imported(tmp_path, line(related=["나중"]), line(slug="나중", headline=""))
    assert "1 brought in" in output
    assert not Article.objects.filter(slug="나중").exists()
    assert api.get("/api/v1/articles/옛-로봇/").json()["related"] == []


def test_imported_photo_is_stored_once(ben: User, tmp_path: Path) -> None:
    shown = {"photos": {"key-of-photo": photo()}, "lead_photo": "key-of-photo"}
    imported(tmp_path, line(**shown), line(slug="둘째", **shown))
    assert Photo.objects.count() == 1
    assert Article.objects.live().count() == 2


def test_unpublished_stories_are_not_exported(ben: User) -> None:
    make.draft()
    make.planned()
    assert exported() == []


def test_withdrawn_article_is_exported_with_its_notice(ben: User) -> None:
    withdraw(make.live(), notice="내렸습니다.", by=ben)
    assert exported()[0]["withdrawn"]["notice"] == "내렸습니다."


def test_export_holds_the_live_edition_and_not_the_draft(ben: User) -> None:
    article = make.live(headline="나간 제목")
    make.changed(make.draft_of(article), headline="고치는 중인 제목")
    assert exported()[0]["headline"] == "나간 제목"
    publish_now(make.draft_of(article), by=ben)
    row = exported()[0]
    assert (row["headline"], row["earlier"][0]["headline"]) == ("고치는 중인 제목", "나간 제목")


def test_import_runs_as_a_person_who_may_publish(ada: User, tmp_path: Path) -> None:
    assert "may not publish" in imported(tmp_path, line())
    make.ben()
    imported(tmp_path, line())
    assert set(Entry.objects.filter(verb="imported").values_list("by_name", flat=True)) == {"ben"}


def test_import_refuses_a_reporter(ada: User, tmp_path: Path) -> None:
    make.ben()
    with pytest.raises(CommandError, match="may not publish"):
        call_command("import_articles", tmp_path / "x.jsonl", by=ada.email)


def test_import_of_a_missing_file_is_a_sentence(ben: User, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_articles", tmp_path / "x.jsonl")


def test_four_eyes_rule_holds_for_imports(ben: User, tmp_path: Path, settings: Any) -> None:
    settings.FOUR_EYES = True
    assert "line 1: " in imported(tmp_path, line())
    assert not Article.objects.exists()


def test_existing_sections_and_authors_are_not_changed_by_an_import(
    ben: User, tmp_path: Path
) -> None:
    Section.objects.create(slug="archive", name="창고")
    Author.objects.create(slug="old", name="그 사람")
    imported(tmp_path, line(), line(slug="둘째", section="archive", authors=["old"]))
    assert Section.objects.get().name == "창고"
    assert Author.objects.get().name == "그 사람"
