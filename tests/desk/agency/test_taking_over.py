"""What an agency changed is taken over into a draft paragraph by paragraph; what the desk wrote stays."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from articles.models import Section
from audit.models import Entry
from desk.actions import (
    edit,
    move_to_trash,
    restore_version,
    set_section_role,
    start_from_wire,
    submit,
    take_lock,
    take_over_change,
    use_current_copy,
)
from desk.actions.agency.copy_parts import CopyPart, copy_parts
from desk.errors import EditedElsewhere, NothingToStartFrom, Trashed
from desk.errors.collaboration import Locked, OtherSection
from desk.errors.wire import (
    AIUseProhibited,
    CopyChanged,
    CopyExpiresSooner,
    NothingToTakeOver,
    StricterRights,
)
from desk.models import Draft, DraftVersion
from newsroom.errors import NotAllowed
from tests.desk.agency.newsroom import CANCELLED, CORRECTED, TITLE, arrives, yonhap
from tests.support import make
from wire.actions import insert_delivery
from wire.actions.filing import file_delivery
from wire.models import Story, Version
from wire.parsers.result import SEOUL, Block, ParsedDelivery, ParsedStory

pytestmark = pytest.mark.django_db
FIRST = ("시는 강변길을 다시 연다.", "공사는 석 달 걸렸다.", "입장은 무료다.", "자전거도 다닌다.")
SECOND = ("시는 강변길을 다시 연다.", "공사는 넉 달 걸렸다.", "자전거도 다닌다.", "개도 데려간다.")
OWN = "<p>본보가 걸어 보니 30분이 걸렸다.</p>"


def sent(paragraphs: tuple[str, ...], *, number: int, **over: Any) -> Version:
    """Version `number` of one story, as a structured format sends it."""
    fields: dict[str, Any] = {
        "headline": TITLE,
        "agency": "가상통신",
        "identifier": "urn:가상:강변길",
        "agency_version": str(number),
        "sent_at": datetime(2026, 10, 1, 9 + number, tzinfo=SEOUL),
        "blocks": [Block("paragraph", text) for text in paragraphs],
    }
    story = ParsedStory(**(fields | over))
    story.finish_blocks()
    raw = f"copy {number}".encode()
    delivery = insert_delivery(yonhap(), raw=raw, name="", content_type="", by=None)
    parsed = ParsedDelivery([story], "ninjs", "utf-8")
    version = file_delivery(delivery, parsed=parsed, by=None).version
    assert version
    return version


@pytest.fixture
def draft(ada: User) -> Draft:
    """ada's draft of the first version, with a paragraph of her own; the second version has come."""
    draft = start_from_wire(sent(FIRST, number=1).story, by=ada)
    first, *rest = draft.body.split("</p>", 1)
    draft = edit(draft, by=ada, body=f"{first}</p>{OWN}{rest[0]}")
    sent(SECOND, number=2)
    return Draft.objects.get(pk=draft.pk)


def versions(draft: Draft) -> tuple[Version, Version]:
    """The version used, and the current one."""
    assert draft.wire_version
    story = Story.objects.get(pk=draft.wire_version.story_id)
    assert story.current
    return draft.wire_version, story.current


def text_part(draft: Draft) -> CopyPart:
    return next(part for part in copy_parts(draft, *versions(draft)) if part.name == "text")


def take(draft: Draft, number: int, *, by: User, part: str = "text", **over: Any) -> Draft:
    before, after = versions(draft)
    given = {"before": before.pk, "after": after.pk, "version": draft.version} | over
    return take_over_change(draft, part=part, number=number, by=by, **given)


def states(draft: Draft) -> list[tuple[str, str]]:
    return [(placed.kind, placed.change.state) for placed in text_part(draft).rows]


def test_each_change_has_its_place_in_the_draft(draft: Draft, ada: User) -> None:
    assert states(draft) == [
        ("equal", "same"),
        ("changed", "replace"),
        ("removed", "replace"),
        ("equal", "same"),
        ("added", "insert"),
    ]
    draft = edit(draft, by=ada, body=draft.body.replace("석 달 걸렸다", "석 달 넘게 걸렸다"))
    placed = text_part(draft).rows[1]
    assert (placed.change.state, placed.own) == ("edited", "공사는 석 달 넘게 걸렸다.")


def test_a_paragraph_is_replaced_and_the_desks_own_stays(draft: Draft, ada: User) -> None:
    saved = take(draft, 1, by=ada)
    assert "넉 달" in saved.body
    assert "석 달" not in saved.body
    assert OWN in saved.body
    assert saved.version == draft.version + 1
    assert saved.wire_version == draft.wire_version  # never by itself
    entry = Entry.objects.filter(verb="took_over_copy").get()
    assert entry.by == ada.pk
    assert states(saved)[1] == ("changed", "taken")
    with pytest.raises(NothingToTakeOver):
        take(saved, 1, by=ada)


def test_paragraphs_are_added_and_taken_out_and_it_is_undone(draft: Draft, ada: User) -> None:
    before = draft.body
    saved = take(draft, 2, by=ada)
    assert "무료" not in saved.body
    saved = take(saved, 4, by=ada)
    assert saved.body.endswith("<p>자전거도 다닌다.</p><p>개도 데려간다.</p>")
    number = DraftVersion.objects.filter(draft=draft).newest_first()[2].number
    restored = restore_version(saved, number=number, by=ada).draft
    assert restored.body == before


def test_a_paragraph_that_the_desk_deleted_goes_behind_what_stood_before(
    draft: Draft, ada: User
) -> None:
    draft = edit(draft, by=ada, body=draft.body.replace("<p>공사는 석 달 걸렸다.</p>", ""))
    assert states(draft)[1] == ("changed", "insert")
    saved = take(draft, 1, by=ada)
    assert saved.body.index("다시 연다") < saved.body.index("넉 달") < saved.body.index("자전거도")


def test_headline_and_deck_are_taken_over(ada: User) -> None:
    draft = start_from_wire(sent(FIRST, number=1).story, by=ada)
    draft = edit(draft, by=ada, headline="우리 제목")
    sent(FIRST, number=2, headline="강변길 내달 연다", deck=["시 발표"])
    draft = Draft.objects.get(pk=draft.pk)
    names = [(p.name, p.rows[0].change.state) for p in copy_parts(draft, *versions(draft))]
    assert names == [("headline", "edited"), ("deck", "replace")]
    saved = take(draft, 0, by=ada, part="headline")
    assert take(saved, 0, by=ada, part="deck").deck == "시 발표"
    assert saved.headline == "강변길 내달 연다"


def test_markup_of_an_agency_is_sanitized(draft: Draft, ada: User) -> None:
    html = '<p onclick="x()">개도 <b>데려간다</b><script>x()</script>.</p>'
    blocks = [*(Block("paragraph", text) for text in FIRST), Block("paragraph", "개도", html)]
    sent((), number=3, blocks=blocks)
    saved = take(draft, len(FIRST), by=ada)
    assert "<p>개도 <strong>데려간다</strong>.</p>" in saved.body
    assert "script" not in saved.body
    assert "onclick" not in saved.body


@pytest.mark.parametrize(
    ("part", "number", "error"),
    [
        ("text", 0, NothingToTakeOver),
        ("text", 99, NothingToTakeOver),
        ("text", -1, NothingToTakeOver),
        ("captions", 0, NothingToTakeOver),
        ("notes", 0, NothingToTakeOver),
    ],
)
def test_what_is_no_change_is_refused(
    draft: Draft, ada: User, part: str, number: int, error: type[Exception]
) -> None:
    with pytest.raises(error):
        take(draft, number, by=ada, part=part)


def test_stale_drafts_and_stale_copy_are_refused(draft: Draft, ada: User) -> None:
    other = sent(FIRST, number=1, identifier="urn:가상:다른", headline="다른 기사")
    stale: list[dict[str, Any]] = [
        {"before": other.pk},
        {"after": other.pk},
        {"after": 0},
        {"before": 0},
    ]
    for over in stale:
        with pytest.raises(CopyChanged):
            take(draft, 1, by=ada, **over)
    with pytest.raises(EditedElsewhere):
        take(draft, 1, by=ada, version=draft.version - 1)
    current = versions(draft)[1]
    sent(("시는 강변길을 닫는다.",), number=3)
    with pytest.raises(CopyChanged):
        take(draft, 1, by=ada, after=current.pk)
    with pytest.raises(CopyChanged):
        use_current_copy(draft, after=current.pk, by=ada, version=draft.version)


def test_rights_locks_and_stages_are_obeyed(draft: Draft, ada: User, ben: User) -> None:
    mal, chief = make.reader("mal"), make.chief()
    with pytest.raises(NotAllowed):
        take(draft, 1, by=mal)
    other = Section.objects.create(slug="other", name="다른 부")
    reporter = make.staff("dan", role="reporter")
    set_section_role(reporter, section=other, role="reporter", by=chief)
    with pytest.raises(OtherSection):
        take(draft, 1, by=User.objects.get(pk=reporter.pk))
    take_lock(draft, by=ben)
    with pytest.raises(Locked):
        take(draft, 1, by=ada)
    complete = make.draft_data()
    complete.pop("body")
    draft = edit(draft, by=ben, **complete)
    submit(draft, by=ben)
    saved = take(Draft.objects.get(pk=draft.pk), 1, by=ben)
    assert saved.stage == Draft.Stage.WRITING  # what was submitted is another text
    move_to_trash(saved, by=ben)
    with pytest.raises(Trashed):
        take(Draft.objects.get(pk=draft.pk), 2, by=ben)


def test_nothing_is_taken_from_a_cancelled_story(ada: User) -> None:
    draft = start_from_wire(arrives(body=FIRST), by=ada)
    arrives(CORRECTED, hour=12, body=SECOND)
    arrives(CANCELLED, hour=13)
    with pytest.raises(NothingToStartFrom):
        take(draft, 1, by=ada)
    with pytest.raises(NothingToStartFrom):
        use_current_copy(draft, after=versions(draft)[1].pk, by=ada, version=draft.version)


def test_the_version_used_changes_only_when_somebody_says_so(draft: Draft, ada: User) -> None:
    current = versions(draft)[1]
    submitted = Draft.objects.filter(pk=draft.pk)
    submitted.update(stage=Draft.Stage.APPROVED)
    used = use_current_copy(draft, after=current.pk, by=ada, version=draft.version)
    assert used.wire_version == current
    assert (used.version, used.body) == (draft.version, draft.body)
    assert submitted.get().stage == Draft.Stage.APPROVED  # of a text that is the same
    assert Entry.objects.filter(verb="used_newer_copy", by=ada.pk).count() == 1
    with pytest.raises(NothingToTakeOver):
        use_current_copy(used, after=current.pk, by=ada, version=used.version)


@pytest.mark.parametrize(
    "rights",
    [
        {"ai_use_prohibited": True},
        {"resale_prohibited": True},
        {"usage_terms": "지면에만"},
        {"expires_at": timezone.now() + timedelta(days=2)},
    ],
)
def test_stricter_rights_bind_before_a_word_is_taken(
    draft: Draft, ada: User, rights: dict[str, Any]
) -> None:
    first = versions(draft)[0]
    current = sent(SECOND, number=3, **rights)
    with pytest.raises(StricterRights):
        take(draft, 1, by=ada)
    if "expires_at" in rights:
        with pytest.raises(CopyExpiresSooner):
            use_current_copy(draft, after=current.pk, by=ada, version=draft.version)
        draft = edit(draft, by=ada, expires_at=rights["expires_at"])
    used = use_current_copy(draft, after=current.pk, by=ada, version=draft.version)
    saved = take(used, 1, by=ada, before=first.pk)
    assert "넉 달" in saved.body
    if "ai_use_prohibited" in rights:
        with pytest.raises(AIUseProhibited):
            edit(saved, by=ada, ai_kind="generated")


def test_text_by_ai_does_not_get_copy_that_prohibits_it(draft: Draft, ada: User) -> None:
    draft = edit(draft, by=ada, ai_kind="summary")
    current = sent(SECOND, number=3, ai_use_prohibited=True)
    with pytest.raises(AIUseProhibited):
        use_current_copy(draft, after=current.pk, by=ada, version=draft.version)


# -- the page --------------------------------------------------------------------------------------


def press(client: Any, draft: Draft, **over: Any) -> Any:
    before, after = versions(draft)
    form = {"before": before.pk, "after": after.pk, "version": draft.version, "change": "text-1"}
    return client.post(reverse("admin:desk_draft_take_over", args=[draft.pk]), form | over)


def test_an_editor_takes_over_by_a_button(draft: Draft, as_user: Any, ben: User) -> None:
    client, page = as_user(ben), reverse("admin:desk_draft_agency", args=[draft.pk])
    shown = client.get(page)
    assert 'value="text-1"' in shown.content.decode()
    assert 'value="text-0"' not in shown.content.decode()
    answer = press(client, draft)
    assert answer.url == f"{page}?from=1#copy-text"
    assert "넉 달" in Draft.objects.get().body
    assert press(client, draft).status_code == 302  # stale: the sentence says so
    assert Draft.objects.get().version == draft.version + 1
    used = reverse("admin:desk_draft_use_copy", args=[draft.pk])
    before, after = versions(draft)
    form = {"before": before.pk, "after": after.pk, "version": draft.version + 1}
    assert client.get(used).status_code == 405
    client.post(used, form)
    assert Draft.objects.get().wire_version == after
    assert "text-2" in client.get(f"{page}?from=1").content.decode()


@pytest.mark.parametrize("change", ["", "text", "text-", "text-²", "text--1", "-1", "x" * 99])
def test_bad_input_changes_nothing(draft: Draft, as_user: Any, ben: User, change: str) -> None:
    answer = press(as_user(ben), draft, change=change)
    assert answer.status_code == 302
    assert [m.level_tag for m in get_messages(answer.wsgi_request)] == ["error"]
    assert Draft.objects.get().version == draft.version


@pytest.mark.parametrize("over", [{"before": "x"}, {"after": "9" * 18}, {"version": ""}])
def test_bad_numbers_change_nothing(
    draft: Draft, as_user: Any, ben: User, over: dict[str, str]
) -> None:
    assert press(as_user(ben), draft, **over).status_code == 302
    assert Draft.objects.get().version == draft.version


@pytest.mark.parametrize("number", ["0", "99", "x", "9" * 18])
def test_an_unknown_version_is_compared_as_the_one_used(
    draft: Draft, as_user: Any, ben: User, number: str
) -> None:
    page = reverse("admin:desk_draft_agency", args=[draft.pk])
    shown = as_user(ben).get(page, {"from": number})
    assert shown.context["before"] == draft.wire_version
