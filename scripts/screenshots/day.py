"""A day's work at the desk for the screenshots, on top of the demo. Run by `manage.py shell`."""

import json
import time
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import User
from articles.models import Article, Author, Section
from comments.actions import post_comment
from desk.actions import (
    assign,
    edit,
    publish_now,
    record_failure,
    schedule_bundle,
    schedule_draft,
    start_draft,
    submit,
)
from desk.models import Draft, Release

HOUR, DAY, SOON = timedelta(hours=1), timedelta(days=1), timedelta(seconds=2)
BODY = (
    "<p>연구실 복도에서 로봇은 오늘 계단을 천천히 올랐습니다.</p><h2>왜 계단이었을까?</h2>"
    "<p>문턱 하나를 넘는 데에도 바퀴는 멈춥니다. 다리를 단 까닭입니다.</p>"
    "<p>연구진은 계단을 열두 번 오르내린 기록을 모두 공개했습니다.</p>"
    "<p>넘어진 것은 두 번이었고, 두 번 모두 스스로 일어났습니다.</p>"
    "<p>다음 시험은 젖은 계단입니다.</p>"
)
CHANGED_BODY = (
    BODY.replace("오늘 계단을 천천히", "어제 계단을 <strong>빠르게</strong>")
    .replace("두 번이었고, 두 번", "세 번이었고, 세 번")
    .replace("<p>다음 시험은", "<h2>다음에는 무엇을 오를까?</h2><p>다음 시험은")
)
HELD_COMMENTS = (
    "두 자료의 숫자가 다릅니다.",
    "원문은 여기 있습니다.",
    "비슷한 시험이 또 있었습니다.",
)


def person(name: str) -> User:
    return User.objects.get(email=f"{name}@example.com")


def story(headline: str, *, by: User, number: int) -> Draft:
    """A complete story of one of the demo's sections and authors."""
    sections, authors = list(Section.objects.all()), list(Author.objects.all())
    return start_draft(
        by,
        headline=headline,
        deck="복도에서 시작해 광장까지, 하루를 따라가 보니",
        summary_1="처음에는 문턱 하나를 넘지 못했다",
        summary_2="열두 번째에 끝까지 올랐다",
        summary_3="다음 시험은 비 오는 날이다",
        body=BODY,
        section=sections[number % len(sections)],
        authors=[authors[number % len(authors)]],
        tags=["로봇"],
    )


def fill_day() -> dict[str, int]:
    """Fill the day; the ids of the stories that are shown."""
    editor, reporter, now = person("editor"), person("reporter"), timezone.now()
    planned = {
        "낮에 나갈 인터뷰: 계단을 설계한 사람": now + 3 * HOUR,
        "저녁 특집, 로봇과 시장": now + 6 * HOUR,
        "내일 아침 브리핑: 밤사이의 인공지능": tomorrow_at(now, 8),
        "내일 낮의 해설": tomorrow_at(now, 14),
        "모레의 기획, 오래된 건물에 온 로봇": tomorrow_at(now, 10) + DAY,
        "주말에 읽을거리": tomorrow_at(now, 7) + 3 * DAY,
    }
    for number, (headline, at) in enumerate(planned.items()):
        schedule_draft(story(headline, by=editor, number=number), at=at, by=editor)
    both = [story(f"연구소 발표 {part}", by=editor, number=1) for part in ("본문", "해설")]
    schedule_bundle(both, title="연구소 발표 묶음", at=now + 4 * HOUR, by=editor)
    fail_to_publish(story("나가지 못한 기사 하나", by=editor, number=2), editor=editor)
    submit(story("검토를 기다리는 현장 기사", by=reporter, number=3), by=reporter)
    start_draft(editor, headline="편집자가 쓰다 만 칼럼")
    asked = story("편집자에게 맡긴 통계 기사", by=reporter, number=4)
    assign(asked, by=editor, to=editor, due_at=now + 2 * HOUR)
    articles = Article.objects.live().order_by("-published_at")
    for article, text in zip(articles, HELD_COMMENTS, strict=False):
        post_comment(
            article, by=person("reader"), text=f"{text} https://a.example https://b.example"
        )
    return {"changed": changed_story(editor, reporter), "planned": planned_story()}


def fail_to_publish(draft: Draft, *, editor: User) -> None:
    """A release whose time has come and that could not be published; tried again in an hour."""
    release = schedule_draft(draft, at=timezone.now() + SOON, by=editor)
    time.sleep(SOON.total_seconds() + 0.1)
    reason = "사진 보관함이 잠겨 있어 사진을 옮기지 못했습니다."
    record_failure([release.pk], reason=reason, not_before=timezone.now() + HOUR)


def changed_story(editor: User, reporter: User) -> int:
    """A live story that two people have changed since."""
    draft = story("로봇, 계단을 오르다", by=reporter, number=5)
    publish_now(draft, by=editor)
    edit(draft, by=editor, headline="로봇, 열두 계단을 오르다", body=CHANGED_BODY)
    edit(draft, by=reporter, summary_2="열세 번째에 끝까지 올랐다", tags=["로봇", "계단"])
    return draft.pk


def planned_story() -> int:
    """The demo's story that is scheduled for tomorrow and was changed afterwards."""
    with_photo = Release.objects.waiting().filter(edition__lead_photo__isnull=False)
    release = with_photo.order_by("-due_at")[0]
    return Draft.objects.get(article=release.article_id).pk


def tomorrow_at(now: datetime, hour: int) -> datetime:
    local = timezone.localtime(now + DAY)
    return local.replace(hour=hour, minute=0, second=0, microsecond=0)


print(json.dumps(fill_day()))
