"""Story page of the admin over HTTP: form, buttons, edit conflicts, preview, trash."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from accounts.models import User
from articles.models import Article, Edition
from audit.models import Entry
from desk.actions import edit, move_to_trash, record_failure, submit
from desk.models import Draft, DraftAuthor, Preview, Release
from polls.actions import cast_vote
from polls.models import Poll
from polls.voter_key import Voter
from tests.support import make

pytestmark = pytest.mark.django_db


class StoryPage:
    """The story page of one user: fills in and submits the form as a browser does."""

    def __init__(self, user: User) -> None:
        self.client = Client()
        self.client.force_login(user)

    def address(self, draft: Draft | None) -> str:
        if draft is None:
            return reverse("admin:desk_draft_add")
        return reverse("admin:desk_draft_change", args=[draft.pk])

    def filled(self, draft: Draft | None) -> dict[str, Any]:
        """The form data that a browser submits when nothing was changed."""
        form = self.client.get(self.address(draft)).context["adminform"].form
        sent = {field.name: field.value() for field in form}
        return {name: form_value(value) for name, value in sent.items() if value is not None}

    def send(self, draft: Draft | None, **typed: Any) -> Any:
        return self.client.post(
            self.address(draft), self.filled(draft) | {"_continue": "1"} | typed, follow=True
        )

    def press(self, draft: Draft | None, do: str, **typed: Any) -> Any:
        return self.send(draft, do=do, **typed)


def form_value(value: Any) -> Any:
    if hasattr(value, "strftime"):
        return value.strftime("%Y-%m-%dT%H:%M")
    return [str(getattr(v, "pk", v)) for v in value] if isinstance(value, list) else value


@pytest.fixture
def bens_page(ben: User) -> StoryPage:
    return StoryPage(ben)


@pytest.fixture
def adas_page(ada: User) -> StoryPage:
    return StoryPage(ada)


def story_form_data(**over: Any) -> dict[str, Any]:
    data = {
        "headline": "로봇, 계단을 오르다",
        "deck": "세 번째 시험",
        "summary_1": "하나",
        "summary_2": "둘",
        "summary_3": "셋",
        "body": "<p>계단은 열두 개였습니다.</p>",
        "section": make.section().pk,
        "authors": [make.author().pk],
        "tags": "로봇, 계단",
    }
    return data | over


def datetime_local_in(**more: float) -> str:
    return (timezone.localtime() + timedelta(**more)).strftime("%Y-%m-%dT%H:%M")


def admin_messages(response: Any) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def test_new_story_is_saved_and_published_by_one_button(
    bens_page: StoryPage, client: Client
) -> None:
    bens_page.press(None, "publish", **story_form_data())
    article = Article.objects.live().get()
    assert "계단은 열두 개였습니다" in client.get(f"/api/v1/articles/{article.slug}/").text


def test_saved_draft_is_not_public(bens_page: StoryPage) -> None:
    bens_page.send(None, **story_form_data())
    assert Draft.objects.get().headline == "로봇, 계단을 오르다"
    assert not Article.objects.exists()


def test_refused_button_saves_nothing_and_shows_the_form_again(bens_page: StoryPage) -> None:
    response = bens_page.press(
        None, "publish", **story_form_data(section="", headline="반쯤 쓴 제목")
    )
    assert not Draft.objects.exists()
    page = response.content.decode()
    assert "아직 없는 것: 섹션" in page
    assert "반쯤 쓴 제목" in page
    assert "계단은 열두 개였습니다." in page


def test_byline_keeps_the_order_of_picked_authors(bens_page: StoryPage) -> None:
    first, second = make.author("하나"), make.author("둘")
    story = make.draft(authors=[first, second])
    bens_page.send(story, authors=[second.pk, first.pk])
    signed = DraftAuthor.objects.filter(draft=story).values_list("author__name", flat=True)
    assert list(signed) == ["둘", "하나"]


def test_tags_are_comma_separated(bens_page: StoryPage) -> None:
    story = make.draft(tags=[])
    bens_page.send(story, tags=" 로봇,, 문 , 로봇")
    assert [tag.name for tag in story.tags.all()] == ["로봇", "문"]


def test_saving_an_unchanged_form_changes_nothing(bens_page: StoryPage) -> None:
    story = make.draft(poll=make.poll_data(), lead_photo=make.photo())
    bens_page.send(story)
    assert Draft.objects.get().version == story.version
    assert not Entry.objects.filter(verb="edited").exists()


def test_poll_is_created_on_the_story_page(bens_page: StoryPage) -> None:
    story = make.draft()
    bens_page.send(
        story, poll_question="로봇이 먼저 타도 될까?", poll_pro="빠르니까", poll_con="무서우니까"
    )
    poll = Draft.objects.get().poll
    assert poll is not None
    assert poll.question == "로봇이 먼저 타도 될까?"
    assert [side.persona for side in poll.sides.all()] == ["부키", "모키"]


def test_story_with_a_voted_poll_can_be_saved(bens_page: StoryPage) -> None:
    article = make.live(poll=make.poll_data())
    poll = Poll.objects.get()
    cast_vote(poll.pk, side="pro", voter=Voter(browser="b" * 32))
    response = bens_page.send(make.draft_of(article), deck="표가 들어온 뒤의 부제")
    assert "저장했습니다" in admin_messages(response)
    refused = bens_page.send(make.draft_of(article), poll_question="다른 질문")
    assert "이미 표가 들어온 투표" in refused.content.decode()


def test_edit_conflict_shows_both_versions(bens_page: StoryPage, ada: User) -> None:
    """publishing 28: in the admin as in the API."""
    story = make.draft()
    page = bens_page.filled(story)
    edit(story, by=ada, deck="에이다가 고친 부제")
    response = bens_page.client.post(bens_page.address(story), page | {"deck": "벤이 쓴 부제"})
    data = response.content.decode()
    assert "그사이 다른 사람이 이 원고를 고쳤습니다" in data
    assert "벤이 쓴 부제" in data
    assert "에이다가 고친 부제" in data
    assert Draft.objects.get().deck == "에이다가 고친 부제"


def test_edit_conflict_may_be_overwritten(bens_page: StoryPage, ada: User) -> None:
    story = make.draft()
    page = bens_page.filled(story)
    newer = edit(story, by=ada, deck="에이다가 고친 부제")
    page |= {"deck": "벤이 쓴 부제", "overwrite": newer.version}
    bens_page.client.post(bens_page.address(story), page)
    assert Draft.objects.get().deck == "벤이 쓴 부제"


def test_form_without_version_is_refused(bens_page: StoryPage) -> None:
    story = make.draft()
    page = bens_page.filled(story) | {"version": "", "deck": "어디서 온 부제"}
    bens_page.client.post(bens_page.address(story), page)
    assert Draft.objects.get().deck != "어디서 온 부제"


def test_story_is_scheduled_replaced_and_unscheduled(bens_page: StoryPage) -> None:
    story = make.draft()
    bens_page.press(story, "schedule", at=datetime_local_in(hours=2))
    release = Release.objects.get()
    bens_page.send(story, deck="뒤늦게 고친 부제")
    page = bens_page.client.get(bens_page.address(story)).content.decode()
    assert "그 뒤에 고친 것은 들어 있지 않습니다" in page
    bens_page.press(story, "swap")
    release.refresh_from_db()
    assert release.edition.deck == "뒤늦게 고친 부제"
    bens_page.press(story, "unschedule")
    release.refresh_from_db()
    assert release.state == "cancelled"


def test_schedule_requires_a_future_time(bens_page: StoryPage) -> None:
    story = make.draft()
    assert "날짜와 시각을 골라 주세요" in bens_page.press(story, "schedule").content.decode()
    late = bens_page.press(story, "schedule", at=datetime_local_in(hours=-1)).content.decode()
    assert "이미 지난 시각입니다" in late
    assert not Release.objects.exists()


@pytest.mark.parametrize(
    "when", ["0001-01-01T00:00", "9999-12-31T23:59", "내일", "2026-13-40T99:99"]
)
def test_implausible_time_is_a_field_error(bens_page: StoryPage, when: str) -> None:
    story = make.draft()
    for typed in ({"at": when}, {"poll_question": "언제?", "poll_opens_at": when}):
        assert bens_page.press(story, "schedule", **typed).context["errors"]
    assert not Release.objects.exists()


def test_election_before_the_poll_opens_is_a_field_error(bens_page: StoryPage) -> None:
    typed = {"poll_question": "누구를 뽑을까?", "poll_election_day": "2020-06-12"}
    refused = bens_page.send(make.draft(), **typed).content.decode()
    assert "투표를 열기 전에 끝난 선거입니다" in refused


def test_correction_is_published_with_its_note(bens_page: StoryPage) -> None:
    story = make.draft_of(make.live())
    refused = bens_page.press(story, "correct", correction_note=" ")
    assert "무엇이 틀렸고 무엇이 맞는지" in refused.content.decode()
    bens_page.press(
        story, "correct", correction_kind="correction", correction_note="열두 개가 아니라 열 개."
    )
    assert Article.objects.get().corrections[0]["note"] == "열두 개가 아니라 열 개."


def test_review_is_requested_approved_and_sent_back(
    adas_page: StoryPage, bens_page: StoryPage
) -> None:
    story = make.draft()
    adas_page.press(story, "submit")
    bens_page.press(story, "send_back", review_note="출처가 더 필요합니다")
    assert Draft.objects.get().stage == "writing"
    adas_page.press(story, "submit")
    bens_page.press(story, "approve")
    assert Draft.objects.get().stage == "approved"


def test_approval_of_text_changed_by_the_same_form_is_refused(bens_page: StoryPage) -> None:
    story = submit(make.draft(), by=make.ben())
    response = bens_page.press(story, "approve", deck="승인하면서 고친 부제")
    assert "먼저 저장해 주세요" in response.content.decode()
    assert Draft.objects.get().stage == "submitted"


def test_reporter_may_not_publish(adas_page: StoryPage) -> None:
    """publishing 30."""
    story = make.draft()
    page = adas_page.client.get(adas_page.address(story)).content.decode()
    assert 'value="publish"' not in page
    assert 'value="submit"' in page
    response = adas_page.press(story, "publish", deck="몰래 고친 부제")
    assert "권한이 없습니다" in response.content.decode()
    assert not Edition.objects.exists()
    assert Draft.objects.get().deck != "몰래 고친 부제"


def test_article_is_withdrawn_with_a_notice(bens_page: StoryPage, client: Client) -> None:
    article = make.live()
    url = reverse("admin:articles_article_press", args=[article.pk, "withdraw"])
    assert bens_page.client.get(url).status_code == 200
    assert Article.objects.live().exists()
    empty = bens_page.client.post(url, {"notice": "ㅤ "})
    assert "안내문을 적어 주세요" in empty.content.decode()
    bens_page.client.post(url, {"notice": "사실과 달라 내립니다."})
    response = client.get(f"/api/v1/articles/{article.slug}/")
    assert response.status_code == 410
    assert "사실과 달라 내립니다." in response.text


def test_only_a_chief_restores_a_withdrawn_article(bens_page: StoryPage, chief: User) -> None:
    article = make.live()
    story = make.draft_of(article)
    url = reverse("admin:articles_article_press", args=[article.pk, "withdraw"])
    bens_page.client.post(url, {"notice": "사실과 달라 내립니다."})
    assert "권한이 없습니다" in bens_page.press(story, "restore").content.decode()
    assert "되살렸습니다" in admin_messages(StoryPage(chief).press(story, "restore"))
    assert not Article.objects.live().exists()


def test_story_is_restored_from_the_trash(bens_page: StoryPage) -> None:
    """publishing 33."""
    story = make.draft()
    bens_page.press(story, "throw_away")
    assert Draft.objects.get().trashed_at
    listed = bens_page.client.get(reverse("admin:desk_draft_changelist")).content.decode()
    assert story.headline not in listed
    bens_page.client.post(reverse("admin:desk_draft_take_out", args=[story.pk]))
    assert Draft.objects.get().trashed_at is None


def test_story_in_the_trash_cannot_be_edited(bens_page: StoryPage) -> None:
    story = make.draft()
    page = bens_page.filled(story)
    move_to_trash(story, by=make.ben())
    response = bens_page.client.post(bens_page.address(story), page | {"deck": "버린 뒤의 부제"})
    assert response.status_code == 403
    assert "꺼내기" in bens_page.client.get(bens_page.address(story)).content.decode()


def test_html_in_text_fields_is_escaped(bens_page: StoryPage) -> None:
    evil = '</script><img src=x onerror="alert(1)">'
    story = make.draft(headline=evil, notes=evil, body=f"<p>글</p>{evil}<script>alert(2)</script>")
    for address in (bens_page.address(story), reverse("admin:desk_draft_changelist"), "/admin/"):
        page = bens_page.client.get(address).content.decode()
        assert evil not in page
        assert escape(evil) in page
    assert "<script>" not in Draft.objects.get().body


def test_preview_link_shows_the_current_text(bens_page: StoryPage, client: Client) -> None:
    response = bens_page.press(make.draft(), "preview", deck="미리 보는 부제")
    assert Preview.objects.count() == 1
    match = re.search(r'href="(/desk/preview/[^"]+)"', admin_messages(response))
    assert match
    assert "미리 보는 부제" in client.get(match[1]).content.decode()


def test_dashboard_warns_of_a_stopped_scheduler(
    bens_page: StoryPage, run_clock: Callable[[], Any]
) -> None:
    run_clock()
    assert "발행 시계가 멈췄습니다" not in bens_page.client.get("/admin/").content.decode()


def test_failed_release_is_retried_by_button(bens_page: StoryPage) -> None:
    release = make.planned()
    record_failure([release.pk], reason="창고가 잠겼습니다.")
    assert "창고가 잠겼습니다." in bens_page.client.get("/admin/").content.decode()
    bens_page.client.post(reverse("admin:desk_release_press", args=[release.pk, "retry"]))
    release.refresh_from_db()
    assert release.state == "pending"


def test_autocomplete_finds_authors_and_articles(adas_page: StoryPage) -> None:
    make.author("서윤")
    make.live(headline="찾을 수 있는 이야기")
    params = {"app_label": "desk", "model_name": "draft"}
    people = adas_page.client.get(
        reverse("admin:autocomplete"), params | {"field_name": "authors", "term": "서"}
    )
    assert [match["text"] for match in people.json()["results"]] == ["서윤 기자"]
    stories = adas_page.client.get(
        reverse("admin:autocomplete"), params | {"field_name": "related", "term": "찾을"}
    )
    assert [match["text"] for match in stories.json()["results"]] == ["찾을 수 있는 이야기"]


def test_taken_address_is_refused_at_its_field(ben: User) -> None:
    """Its group of the form is closed otherwise, and the field would not be seen."""
    make.live(slug="첫-주소")
    answer = StoryPage(ben).send(make.draft(), slug="첫-주소")
    assert "쓰던 주소입니다" in str(answer.context["adminform"].form.errors["slug"])
