"""The story page as editors use it, over HTTP: every button saves what was typed, or nothing at all."""

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
    """The story page of one person: filled in as a browser would send it back."""

    def __init__(self, user: User) -> None:
        self.client = Client()
        self.client.force_login(user)

    def address(self, draft: Draft | None) -> str:
        if draft is None:
            return reverse("admin:desk_draft_add")
        return reverse("admin:desk_draft_change", args=[draft.pk])

    def filled(self, draft: Draft | None) -> dict[str, Any]:
        """What the page would send back if nothing were typed."""
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
def at_bens(ben: User) -> StoryPage:
    return StoryPage(ben)


@pytest.fixture
def at_adas(ada: User) -> StoryPage:
    return StoryPage(ada)


def story_form_data(**over: Any) -> dict[str, Any]:
    words = {
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
    return words | over


def datetime_local_in(**more: float) -> str:
    return (timezone.localtime() + timedelta(**more)).strftime("%Y-%m-%dT%H:%M")


def admin_messages(answer: Any) -> str:
    return " ".join(str(message) for message in answer.context["messages"])


def test_a_new_story_is_written_and_published_with_one_press(
    at_bens: StoryPage, client: Client
) -> None:
    at_bens.press(None, "publish", **story_form_data())
    article = Article.objects.live().get()
    assert "계단은 열두 개였습니다" in client.get(f"/api/v1/articles/{article.slug}/").text


def test_saving_alone_shows_readers_nothing(at_bens: StoryPage) -> None:
    at_bens.send(None, **story_form_data())
    assert Draft.objects.get().headline == "로봇, 계단을 오르다"
    assert not Article.objects.exists()


def test_a_refused_press_saves_nothing_and_shows_every_word_again(at_bens: StoryPage) -> None:
    answer = at_bens.press(None, "publish", **story_form_data(section="", headline="반쯤 쓴 제목"))
    assert not Draft.objects.exists()
    page = answer.content.decode()
    assert "아직 없는 것: 섹션" in page
    assert "반쯤 쓴 제목" in page
    assert "계단은 열두 개였습니다." in page


def test_authors_sign_in_the_order_they_were_picked(at_bens: StoryPage) -> None:
    first, second = make.author("하나"), make.author("둘")
    story = make.draft(authors=[first, second])
    at_bens.send(story, authors=[second.pk, first.pk])
    signed = DraftAuthor.objects.filter(draft=story).values_list("author__name", flat=True)
    assert list(signed) == ["둘", "하나"]


def test_tags_are_names_with_commas(at_bens: StoryPage) -> None:
    story = make.draft(tags=[])
    at_bens.send(story, tags=" 로봇,, 문 , 로봇")
    assert [tag.name for tag in story.tags.all()] == ["로봇", "문"]


def test_saving_an_untouched_page_changes_nothing(at_bens: StoryPage) -> None:
    story = make.draft(poll=make.poll_data(), lead_photo=make.photo())
    at_bens.send(story)
    assert Draft.objects.get().version == story.version
    assert not Entry.objects.filter(verb="edited").exists()


def test_a_poll_is_written_on_the_storys_page(at_bens: StoryPage) -> None:
    story = make.draft()
    at_bens.send(
        story, poll_question="로봇이 먼저 타도 될까?", poll_pro="빠르니까", poll_con="무서우니까"
    )
    poll = Draft.objects.get().poll
    assert poll is not None
    assert poll.question == "로봇이 먼저 타도 될까?"
    assert [side.persona for side in poll.sides.all()] == ["부키", "모키"]


def test_a_story_whose_poll_has_votes_can_still_be_saved(at_bens: StoryPage) -> None:
    article = make.live(poll=make.poll_data())
    poll = Poll.objects.get()
    cast_vote(poll.pk, side="pro", voter=Voter(browser="b" * 32))
    answer = at_bens.send(make.draft_of(article), deck="표가 들어온 뒤의 부제")
    assert "저장했습니다" in admin_messages(answer)
    refused = at_bens.send(make.draft_of(article), poll_question="다른 질문")
    assert "이미 표가 들어온 투표" in refused.content.decode()


def test_two_editors_are_told_of_each_other_and_nothing_typed_is_lost(
    at_bens: StoryPage, ada: User
) -> None:
    """publishing 28: in the admin as in the API."""
    story = make.draft()
    page = at_bens.filled(story)
    edit(story, by=ada, deck="에이다가 고친 부제")
    answer = at_bens.client.post(at_bens.address(story), page | {"deck": "벤이 쓴 부제"})
    words = answer.content.decode()
    assert "그사이 다른 사람이 이 원고를 고쳤습니다" in words
    assert "벤이 쓴 부제" in words
    assert "에이다가 고친 부제" in words
    assert Draft.objects.get().deck == "에이다가 고친 부제"


def test_an_editor_who_has_read_the_others_words_may_save_over_them(
    at_bens: StoryPage, ada: User
) -> None:
    story = make.draft()
    page = at_bens.filled(story)
    newer = edit(story, by=ada, deck="에이다가 고친 부제")
    page |= {"deck": "벤이 쓴 부제", "overwrite": newer.version}
    at_bens.client.post(at_bens.address(story), page)
    assert Draft.objects.get().deck == "벤이 쓴 부제"


def test_a_page_without_its_version_is_not_saved(at_bens: StoryPage) -> None:
    story = make.draft()
    page = at_bens.filled(story) | {"version": "", "deck": "어디서 온 부제"}
    at_bens.client.post(at_bens.address(story), page)
    assert Draft.objects.get().deck != "어디서 온 부제"


def test_a_story_is_scheduled_swapped_and_taken_back(at_bens: StoryPage) -> None:
    story = make.draft()
    at_bens.press(story, "schedule", at=datetime_local_in(hours=2))
    release = Release.objects.get()
    at_bens.send(story, deck="뒤늦게 고친 부제")
    page = at_bens.client.get(at_bens.address(story)).content.decode()
    assert "그 뒤에 고친 것은 들어 있지 않습니다" in page
    at_bens.press(story, "swap")
    release.refresh_from_db()
    assert release.edition.deck == "뒤늦게 고친 부제"
    at_bens.press(story, "unschedule")
    release.refresh_from_db()
    assert release.state == "cancelled"


def test_scheduling_needs_a_time_to_come(at_bens: StoryPage) -> None:
    story = make.draft()
    assert "날짜와 시각을 골라 주세요" in at_bens.press(story, "schedule").content.decode()
    late = at_bens.press(story, "schedule", at=datetime_local_in(hours=-1)).content.decode()
    assert "이미 지난 시각입니다" in late
    assert not Release.objects.exists()


@pytest.mark.parametrize(
    "when", ["0001-01-01T00:00", "9999-12-31T23:59", "내일", "2026-13-40T99:99"]
)
def test_a_time_nobody_means_is_refused_at_its_field(at_bens: StoryPage, when: str) -> None:
    story = make.draft()
    for typed in ({"at": when}, {"poll_question": "언제?", "poll_opens_at": when}):
        assert at_bens.press(story, "schedule", **typed).context["errors"]
    assert not Release.objects.exists()


def test_a_correction_goes_out_with_its_note(at_bens: StoryPage) -> None:
    story = make.draft_of(make.live())
    refused = at_bens.press(story, "correct", correction_note=" ")
    assert "무엇이 틀렸고 무엇이 맞는지" in refused.content.decode()
    at_bens.press(
        story, "correct", correction_kind="correction", correction_note="열두 개가 아니라 열 개."
    )
    assert Article.objects.get().corrections[0]["note"] == "열두 개가 아니라 열 개."


def test_review_is_asked_given_and_refused(at_adas: StoryPage, at_bens: StoryPage) -> None:
    story = make.draft()
    at_adas.press(story, "submit")
    at_bens.press(story, "send_back", review_note="출처가 더 필요합니다")
    assert Draft.objects.get().stage == "writing"
    at_adas.press(story, "submit")
    at_bens.press(story, "approve")
    assert Draft.objects.get().stage == "approved"


def test_words_changed_in_the_same_breath_are_not_approved(at_bens: StoryPage) -> None:
    story = submit(make.draft(), by=make.ben())
    answer = at_bens.press(story, "approve", deck="승인하면서 고친 부제")
    assert "먼저 저장해 주세요" in answer.content.decode()
    assert Draft.objects.get().stage == "submitted"


def test_a_reporter_sees_no_publish_button_and_is_refused(at_adas: StoryPage) -> None:
    """publishing 30."""
    story = make.draft()
    page = at_adas.client.get(at_adas.address(story)).content.decode()
    assert 'value="publish"' not in page
    assert 'value="submit"' in page
    answer = at_adas.press(story, "publish", deck="몰래 고친 부제")
    assert "권한이 없습니다" in answer.content.decode()
    assert not Edition.objects.exists()
    assert Draft.objects.get().deck != "몰래 고친 부제"


def test_an_article_is_withdrawn_with_a_notice(at_bens: StoryPage, client: Client) -> None:
    article = make.live()
    door = reverse("admin:articles_article_press", args=[article.pk, "withdraw"])
    assert at_bens.client.get(door).status_code == 200
    assert Article.objects.live().exists()
    empty = at_bens.client.post(door, {"notice": "ㅤ "})
    assert "안내문을 적어 주세요" in empty.content.decode()
    at_bens.client.post(door, {"notice": "사실과 달라 내립니다."})
    answer = client.get(f"/api/v1/articles/{article.slug}/")
    assert answer.status_code == 410
    assert "사실과 달라 내립니다." in answer.text


def test_only_the_chief_restores(at_bens: StoryPage, chief: User) -> None:
    article = make.live()
    story = make.draft_of(article)
    door = reverse("admin:articles_article_press", args=[article.pk, "withdraw"])
    at_bens.client.post(door, {"notice": "사실과 달라 내립니다."})
    assert "권한이 없습니다" in at_bens.press(story, "restore").content.decode()
    assert "되살렸습니다" in admin_messages(StoryPage(chief).press(story, "restore"))
    assert not Article.objects.live().exists()


def test_the_trash_gives_a_story_back(at_bens: StoryPage) -> None:
    """publishing 33."""
    story = make.draft()
    at_bens.press(story, "throw_away")
    assert Draft.objects.get().trashed_at
    listed = at_bens.client.get(reverse("admin:desk_draft_changelist")).content.decode()
    assert story.headline not in listed
    at_bens.client.post(reverse("admin:desk_draft_take_out", args=[story.pk]))
    assert Draft.objects.get().trashed_at is None


def test_a_story_in_the_trash_is_not_changed(at_bens: StoryPage) -> None:
    story = make.draft()
    page = at_bens.filled(story)
    move_to_trash(story, by=make.ben())
    answer = at_bens.client.post(at_bens.address(story), page | {"deck": "버린 뒤의 부제"})
    assert answer.status_code == 403
    assert "꺼내기" in at_bens.client.get(at_bens.address(story)).content.decode()


def test_hostile_words_are_words(at_bens: StoryPage) -> None:
    evil = '</script><img src=x onerror="alert(1)">'
    story = make.draft(headline=evil, notes=evil, body=f"<p>글</p>{evil}<script>alert(2)</script>")
    for address in (at_bens.address(story), reverse("admin:desk_draft_changelist"), "/admin/"):
        page = at_bens.client.get(address).content.decode()
        assert evil not in page
        assert escape(evil) in page
    assert "<script>" not in Draft.objects.get().body


def test_a_preview_link_opens_the_story_as_it_stands(at_bens: StoryPage, client: Client) -> None:
    answer = at_bens.press(make.draft(), "preview", deck="미리 보는 부제")
    assert Preview.objects.count() == 1
    found = re.search(r'href="(/desk/preview/[^"]+)"', admin_messages(answer))
    assert found
    assert "미리 보는 부제" in client.get(found[1]).content.decode()


def test_the_clock_that_stopped_is_seen_on_the_front_page(
    at_bens: StoryPage, run_clock: Callable[[], Any]
) -> None:
    run_clock()
    assert "발행 시계가 멈췄습니다" not in at_bens.client.get("/admin/").content.decode()


def test_a_failed_release_is_tried_again_with_a_button(at_bens: StoryPage) -> None:
    release = make.planned()
    record_failure([release.pk], reason="창고가 잠겼습니다.")
    assert "창고가 잠겼습니다." in at_bens.client.get("/admin/").content.decode()
    at_bens.client.post(reverse("admin:desk_release_press", args=[release.pk, "retry"]))
    release.refresh_from_db()
    assert release.state == "pending"


def test_authors_and_articles_are_found_by_typing(at_adas: StoryPage) -> None:
    make.author("서윤")
    make.live(headline="찾을 수 있는 이야기")
    asked = {"app_label": "desk", "model_name": "draft"}
    people = at_adas.client.get(
        reverse("admin:autocomplete"), asked | {"field_name": "authors", "term": "서"}
    )
    assert [found["text"] for found in people.json()["results"]] == ["서윤 기자"]
    stories = at_adas.client.get(
        reverse("admin:autocomplete"), asked | {"field_name": "related", "term": "찾을"}
    )
    assert [found["text"] for found in stories.json()["results"]] == ["찾을 수 있는 이야기"]
