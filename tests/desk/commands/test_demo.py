"""`manage.py demo`: the content of the demo newsroom."""

import io
import tempfile
from datetime import timedelta
from typing import Any, ClassVar

import time_machine
from django.core.management import call_command
from django.test import TestCase, override_settings
from django.utils import timezone

from accounts.models import User
from articles.models import Article, Masthead
from audit.models import Entry
from comments.models import Comment
from desk.models import Draft, Release
from media.models import Photo
from wire.models import Story


class TestTheDemo(TestCase):
    """Loaded once for all of them (a Django class: its set-up is undone on every database)."""

    output: ClassVar[str]
    files: ClassVar[Any]

    @classmethod
    def setUpClass(cls) -> None:
        cls.files = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.enterClassContext(
            override_settings(MEDIA_ROOT=cls.files, SITE_URL="http://127.0.0.1:8000")
        )
        super().setUpClass()

    @classmethod
    def setUpTestData(cls) -> None:
        out = io.StringIO()
        call_command("demo", stdout=out)
        cls.output = out.getvalue()

    def get(self, path: str) -> Any:
        return self.client.get(f"/api/v1/{path}").json()

    def stories(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.get("articles/?page_size=100")["results"]
        return [self.get(f"articles/{row['slug']}/") for row in rows]

    def test_demo_has_fourteen_complete_stories_of_five_sections(self) -> None:
        stories = self.stories()
        assert len(stories) >= 14
        assert len({story["section"]["slug"] for story in stories}) >= 5
        for story in stories:
            assert len([line for line in story["summary"] if line]) == 3
            assert story["deck"]
            assert story["tags"]
            assert story["authors"]
            assert 4 <= story["body_html"].count("<p>") <= 6
            assert "?</h2>" in story["body_html"]
            photo = story["lead_photo"]
            assert photo["alt"]
            assert photo["caption"]
            assert photo["credit"]

    def test_demo_stories_were_published_over_the_last_days(self) -> None:
        days = {story["published_at"][:10] for story in self.stories()}
        assert len(days) >= 4
        assert max(days) <= f"{timezone.localtime():%Y-%m-%d}"

    def test_every_demo_story_has_its_own_photo(self) -> None:
        pictures = Photo.objects.values_list("digest", flat=True)
        assert len(set(pictures)) == len(pictures) >= 14

    def test_demo_photos_are_served(self) -> None:
        with override_settings(MEDIA_ROOT=self.files):
            source = self.stories()[0]["lead_photo"]["sources"][0]
            answer = self.client.get(source["url"].removeprefix("http://testserver"))
            assert b"".join(answer.streaming_content)[:2] == b"\xff\xd8"  # type: ignore[attr-defined]  # a file

    def test_scheduled_demo_story_is_published_within_two_minutes(self) -> None:
        before = len(self.stories())
        with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=True):
            call_command("publish_due", stdout=io.StringIO())
            assert len(self.stories()) == before + 1

    def test_edition_of_tomorrow_lacks_later_changes(self) -> None:
        release = Release.objects.waiting().order_by("due_at").last()
        assert release
        assert release.due_at > timezone.now() + timedelta(hours=1)
        assert Draft.objects.get(article=release.article).deck != release.edition.deck

    def test_one_demo_story_expires_and_one_is_under_embargo(self) -> None:
        ending = Article.objects.live().get(expires_at__isnull=False)
        assert ending.expires_at
        assert ending.expires_at > timezone.now() + timedelta(days=1)
        embargoed = Draft.objects.get(embargo_until__gt=timezone.now())
        assert embargoed.embargo_until
        assert (
            Release.objects.waiting().get(article=embargoed.article).due_at
            >= embargoed.embargo_until
        )

    def test_withdrawn_demo_story_shows_its_notice(self) -> None:
        article = Article.objects.get(withdrawn_at__isnull=False)
        answer = self.client.get(f"/api/v1/articles/{article.slug}/")
        assert answer.status_code == 410
        assert "기사를 내립니다" in answer.json()["detail"]

    def test_corrected_demo_story_shows_its_correction(self) -> None:
        (corrected,) = [story for story in self.stories() if story["corrections"]]
        assert corrected["edition"] == 2
        assert corrected["updated_at"] > corrected["published_at"]
        assert "7일" not in corrected["body_html"]
        assert "14일" in corrected["body_html"]

    def test_one_demo_poll_is_open_and_one_is_closed(self) -> None:
        polls = [story["poll"] for story in self.stories() if story["poll"]]
        assert sorted(poll["state"] for poll in polls) == ["closed", "open"]
        assert all(poll["total_votes"] > 10 for poll in polls)
        assert all(side["votes"] and side["argument"] for p in polls for side in p["sides"])

    def test_demo_comments_are_in_every_state(self) -> None:
        assert set(Comment.objects.values_list("state", flat=True)) == set(Comment.State.values)
        gone = Comment.objects.filter(state="deleted", replies__state="visible")
        assert gone.exists(), "a reply keeps the place of a deleted comment"

    def test_demo_saves_and_counts_agree(self) -> None:
        assert sum(story["counts"]["saves"] for story in self.stories()) >= 5
        out = io.StringIO()
        call_command("reconcile", "--check", stdout=out)
        assert "right" in out.getvalue()

    def test_demo_shows_related_articles_source_and_ai_use(self) -> None:
        stories = self.stories()
        assert sum(bool(story["related"]) for story in stories) >= 10
        assert any(story["source"] for story in stories)
        assert {s["ai_disclosure"]["kind"] for s in stories if s["ai_disclosure"]} >= {"assisted"}

    def test_demo_has_drafts_in_progress(self) -> None:
        unseen = Draft.objects.filter(article=None)
        assert unseen.filter(stage="submitted").exists()
        assert any(draft.problems() for draft in unseen.filter(stage="writing"))

    def test_demo_has_agency_copy_and_a_draft_started_from_it(self) -> None:
        begun = Draft.objects.get(wire_version__isnull=False)
        assert begun.wire_version
        assert begun.headline == begun.wire_version.headline
        stories = Story.objects.select_related("current")
        assert stories.count() > 1
        for story in stories:
            assert story.current
            assert story.current.sent_at
            assert story.current.warnings == []
            assert "@" not in "".join(story.current.paragraphs)

    def test_demo_masthead_has_the_legal_information(self) -> None:
        blank = [name for name, value in vars(Masthead.current()).items() if value in {"", None}]
        assert not blank

    def test_demo_accounts_can_sign_in(self) -> None:
        for name in ("reporter", "editor", "chief", "moderator", "reader"):
            assert f"{name}@example.com" in self.output
            words = {"email": f"{name}@example.com", "password": "newsroom-demo"}
            answer = self.client.post("/_allauth/app/v1/auth/login", words, "application/json")
            assert answer.status_code == 200, answer.content

    def test_demo_staff_enter_the_admin_and_none_is_superuser(self) -> None:
        assert not User.objects.filter(is_superuser=True).exists()
        assert "createstaff" in self.output
        for user in User.objects.filter(is_staff=True):
            self.client.force_login(user)
            assert self.client.get("/admin/").status_code == 200
        self.client.force_login(User.objects.get(email="reader@example.com"))
        assert self.client.get("/admin/").status_code == 302

    def test_second_demo_load_changes_nothing(self) -> None:
        before = Entry.objects.count(), Article.objects.count(), User.objects.count()
        out = io.StringIO()
        call_command("demo", stdout=out)
        assert "아무것도 바꾸지 않았습니다" in out.getvalue()
        assert (Entry.objects.count(), Article.objects.count(), User.objects.count()) == before

    def test_demo_end_can_remove_the_stories(self) -> None:
        slug = self.get("articles/")["results"][0]["slug"]
        out = io.StringIO()

        call_command("demo", "--end", "--remove-stories", stdout=out)

        assert not Article.objects.live().exists()
        assert not Release.objects.waiting().exists()
        assert not Draft.objects.filter(trashed_at=None).exists()
        assert self.client.get(f"/articles/{slug}/").status_code == 410
        assert not User.objects.filter(is_active=True, is_staff=True).exists()
        assert Entry.objects.filter(verb="ended_demo").count() == 1
        assert "createstaff" in out.getvalue()
        again = io.StringIO()
        call_command("demo", stdout=again)
        assert "newsroom-demo" not in again.getvalue()
