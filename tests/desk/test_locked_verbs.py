"""Every verb on a story whose edit lock another person holds, through the desk API and the admin.

The tables name every door: a new writing route of the API is in LOCKED_CALLS or in UNLOCKED, and a new
button in a list of its page.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from audit.models import Entry
from desk.actions import (
    add_remark,
    approve,
    autosave,
    edit,
    move_to_trash,
    put_on_legal_hold,
    record_failure,
    submit,
    withdraw,
)
from desk.actions.collaboration.edit_locks import release_lock, take_over_lock
from desk.actions.legal.claim_decisions import accept_claim
from desk.admin.articles import ArticleAdmin
from desk.admin.bulk_changes import BULK_ACTIONS
from desk.admin.bundles import BundleAdmin
from desk.admin.releases import ReleaseAdmin
from desk.admin.story.story_buttons import STORY_BUTTONS
from desk.api.urls import urlpatterns
from desk.models import Draft, DraftVersion, Release
from tests.desk.admin.test_admin_stories import form_value
from tests.support import make

pytestmark = pytest.mark.django_db

NOTICE = {"notice": "사실과 달라 내립니다."}
ERASURE = {"reason": "법원 결정", "reference": "2026가합1"}
# {route and method: (story, path below desk/, body)}; `soon` is a time to come.
LOCKED_CALLS: dict[tuple[str, str], tuple[str, str, dict[str, Any]]] = {
    ("desk-draft", "patch"): ("plain", "drafts/{id}/", {"deck": "남의 부제"}),
    ("desk-draft", "delete"): ("plain", "drafts/{id}/", {}),
    ("desk-submit", "post"): ("plain", "drafts/{id}/submit/", {}),
    ("desk-suggestions", "post"): ("plain", "drafts/{id}/suggestions/", {}),
    ("desk-approve", "post"): ("submitted", "drafts/{id}/approve/", {}),
    ("desk-send-back", "post"): ("approved", "drafts/{id}/send-back/", {}),
    ("desk-keep-addresses", "post"): ("plain", "drafts/{id}/keep-addresses/", {}),
    ("desk-freeze", "post"): ("plain", "drafts/{id}/freeze/", {}),
    ("desk-publish", "post"): ("plain", "drafts/{id}/publish/", {}),
    ("desk-schedule", "post"): ("plain", "drafts/{id}/schedule/", {"at": "soon"}),
    ("desk-swap", "post"): ("planned", "drafts/{id}/swap/", {}),
    ("desk-unschedule", "post"): ("planned", "drafts/{id}/unschedule/", {}),
    ("desk-take-out", "post"): ("trashed", "drafts/{id}/restore/", {}),
    ("desk-version-restore", "post"): ("plain", "drafts/{id}/versions/1/restore/", {}),
    ("desk-end-hold", "post"): ("plain", "drafts/{id}/end-hold/", {"hold": 1}),
    ("desk-assign", "post"): ("plain", "drafts/{id}/assign/", {"to": None, "due_at": "soon"}),
    ("desk-lock", "put"): ("plain", "drafts/{id}/lock/", {}),
    ("desk-lock", "delete"): ("plain", "drafts/{id}/lock/", {}),
    ("desk-withdraw", "post"): ("live", "articles/{slug}/withdraw/", NOTICE),
    ("desk-restore", "post"): ("withdrawn", "articles/{slug}/restore/", {}),
    ("desk-erase", "post"): ("live", "articles/{slug}/erase/", ERASURE | {"slug": "{slug}"}),
    ("desk-retry", "post"): ("failed", "releases/{release}/retry/", {}),
    ("desk-move", "post"): ("planned", "releases/{release}/move/", {"at": "soon"}),
    ("desk-bundles", "post"): ("plain", "bundles/", {"title": "묶음", "at": "soon"}),
    ("desk-bundle-move", "post"): ("bundled", "bundles/{bundle}/move/", {"at": "soon"}),
    ("desk-bundle-cancel", "post"): ("bundled", "bundles/{bundle}/cancel/", {}),
    ("desk-bundle-add", "post"): ("plain", "bundles/{other_bundle}/add/", {}),
    ("desk-bundle-take-out", "post"): (
        "bundled",
        "bundles/{bundle}/take-out/",
        {"release": "{release}"},
    ),
    ("desk-claim-publish", "post"): ("live", "claims/{claim}/publish/", {"note": "바로잡습니다."}),
    ("desk-bulk", "post"): ("plain", "bulk/", {"change": {"kind": "add_tag", "tag": "문"}}),
}
# What makes a story, concerns no story, or changes nothing of the text and of what readers see.
UNLOCKED = {
    *(("desk-drafts", "post"), ("desk-from-wire", "post")),
    *(("desk-presence", "put"), ("desk-presence", "delete")),
    *(("desk-remarks", "post"), ("desk-remark", "patch")),
    *(("desk-previews", "post"), ("desk-preview", "delete")),
    *(("desk-claims", "post"), ("desk-claim", "patch"), ("desk-claim-answer", "post")),
    *(("desk-claim-arbitrate", "post"), ("desk-claim-withdraw", "post")),
    *(("desk-poll-void", "post"), ("desk-poll-release", "post"), ("desk-poll-undo", "post")),
    # Takes a suggestion that is ready; tests/desk/suggestions/ tries it under another's lock.
    *(("desk-suggestion-taken", "post"), ("desk-suggestion-taken", "delete")),
    *(("desk-notice-seen", "post"), ("desk-photos", "post"), ("desk-photo", "patch")),
    ("desk-comments-policy", "patch"),
    *(("desk-reader-sanctions", "post"), ("desk-reader-sanction", "delete")),
    *(("desk-moderation-lease", "post"), ("desk-moderation-lease", "delete")),
    *(("desk-comment-decision", "post"), ("desk-comment-decision", "delete")),
    *(("desk-pin", "put"), ("desk-pin", "delete")),
    ("desk-moderation-bulk", "post"),
}
# {button of the story page: story}; `preview` needs no lock.
STORY_STATES = {
    **dict.fromkeys(("submit", "publish", "schedule", "assign", "take", "throw_away"), "plain"),
    "keep_addresses": "plain",
    **dict.fromkeys(("swap", "move", "unschedule"), "planned"),
    "approve": "submitted",
    "send_back": "approved",
    "correct": "live",
    "restore": "withdrawn",
    "give_back": "plain",
}


@dataclass
class Desk:
    """Stories in every state, each locked by ada, and the chief editor, who may do everything else."""

    ada: User
    chief: User
    stories: dict[str, Draft]
    names: dict[str, dict[str, Any]]  # what paths and bodies refer to, by story


@pytest.fixture
def desk(ada: User, ben: User, chief: User) -> Desk:
    stories = {name: make.draft(by=ada) for name in ("plain", "submitted", "approved", "trashed")}
    stories["plain"] = edit(stories["plain"], by=ada, deck="다음 부제")
    for name in ("submitted", "approved"):
        submit(stories[name], by=ada)
    approve(stories["approved"], by=ben)
    move_to_trash(stories["trashed"], by=ada)
    articles = {name: make.live() for name in ("live", "withdrawn", "held")}
    withdraw(articles["withdrawn"], by=ben, notice=NOTICE["notice"])
    put_on_legal_hold(articles["held"], reason="법원 결정", by=ben)
    releases = {"planned": make.planned(), "failed": make.planned()}
    bundle, other = (
        make.bundled(make.draft(), make.draft()),
        make.bundled(make.draft(), make.draft()),
    )
    releases["bundled"], releases["stuck"] = bundle.releases.all()[0], other.releases.all()[0]
    record_failure(
        [releases["failed"].pk, *other.releases.values_list("pk", flat=True)], reason="꽉 참"
    )
    articles |= {name: release.article for name, release in releases.items()}
    stories |= {name: make.draft_of(article) for name, article in articles.items()}
    claim = make.claim(articles["live"])
    accept_claim(claim, by=chief)
    for story in stories.values():
        Draft.objects.filter(pk=story.pk).update(
            locked_by=ada, locked_at=timezone.now(), lock_active_at=timezone.now()
        )
    spare = make.bundled(make.draft(), make.draft())
    shared = {"bundle": bundle.pk, "other_bundle": spare.pk, "claim": claim.pk, "stuck": other.pk}
    names = {
        name: shared
        | {"id": story.pk, "slug": articles[name].slug if name in articles else ""}
        | {"release": releases[name].pk if name in releases else 0}
        for name, story in stories.items()
    }
    return Desk(ada, chief, stories, names)


def filled(value: Any, names: dict[str, Any]) -> Any:
    """A body with its placeholders replaced."""
    if isinstance(value, dict):
        return {key: filled(each, names) for key, each in value.items()}
    if value == "soon":
        return timezone.now() + 2 * make.DUE_AFTER
    if isinstance(value, str) and value.startswith("{"):
        return names[value.strip("{}")]
    return value


def writing_routes() -> Iterator[tuple[str, str]]:
    """(route, method) of every endpoint of the desk API that writes."""
    for pattern in urlpatterns:
        view: Any = getattr(pattern.callback, "cls", None) or pattern.callback.view_class  # type: ignore[attr-defined]
        for method in ("post", "put", "patch", "delete"):
            if hasattr(view, method):
                yield str(pattern.name), method


def test_every_writing_route_of_the_api_is_in_a_table() -> None:
    assert set(writing_routes()) == set(LOCKED_CALLS) | UNLOCKED
    assert set(STORY_STATES) | {"preview"} == set(STORY_BUTTONS)


def test_lock_of_another_refuses_every_call_of_the_api(desk: Desk) -> None:
    """publishing 34"""
    client, wrong = make.DeskClient(desk.chief), {}
    for (route, method), (story, path, body) in LOCKED_CALLS.items():
        names, entries = desk.names[story], Entry.objects.count()
        item = {"id": names["id"], "version": desk.stories[story].version}
        data = filled(body, names)
        if route in {"desk-bundles", "desk-bundle-add"}:
            data["drafts"] = [item]
        if route == "desk-bulk":
            data["items"] = [item]
        with transaction.atomic():
            answer = client.call(method.upper(), path.format(**names), data, etag="*")
            code = answer.json().get("code") if answer.content else ""
            if route == "desk-bulk":
                code = answer.json()["results"][0]["code"]
            if code != "locked" or Entry.objects.count() != entries:
                wrong[route, method] = (answer.status_code, answer.content.decode()[:200])
            elif route != "desk-bulk" and answer.status_code != 423:
                wrong[route, method] = (answer.status_code, "")
            transaction.set_rollback(True)
    assert wrong == {}


def story_form(client: Client, story: Draft) -> dict[str, Any]:
    page = client.get(reverse("admin:desk_draft_change", args=[story.pk]))
    sent = {field.name: field.value() for field in page.context["adminform"].form}
    return {name: form_value(value) for name, value in sent.items() if value is not None}


def test_lock_of_another_refuses_every_button_of_the_admin(desk: Desk, client: Client) -> None:
    """publishing 34"""
    client.force_login(desk.chief)
    wrong = []
    for what, address, data in [*story_posts(desk, client), *other_posts(desk)]:
        with transaction.atomic():
            before = stored_rows()
            answer = client.post(address, data, follow=True)
            if stored_rows() != before or not is_refused(answer):
                wrong.append(what)
            transaction.set_rollback(True)
    assert wrong == []


def stored_rows() -> list[list[dict[str, Any]]]:
    """What a button may change: stories, releases and articles; and the audit log."""
    models = (Draft, Release, Article)
    rows: list[list[Any]] = [list(model.objects.order_by("pk").values()) for model in models]
    return [*rows, [{"entries": Entry.objects.count()}]]


def is_refused(answer: Any) -> bool:
    """Whether the answer itself names the lock, in a message or an error of the form.

    The status panel of the page names the holder in any case.
    """
    if answer.status_code == 423:
        return True
    context = answer.context or {}
    sentences = [str(message) for message in context.get("messages", ())]
    forms = [context["adminform"].form] if "adminform" in context else [context.get("form")]
    sentences += [str(error) for form in forms if form for error in form.non_field_errors()]
    sentences += [str(result.refusal) for result in context.get("results") or () if result.refusal]
    return any("이 원고를 고치고 있습니다" in sentence for sentence in sentences)


def story_posts(desk: Desk, client: Client) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(what, address, form) of a changed form, of autosave and of every button of the story page."""
    at = timezone.localtime(timezone.now() + 2 * make.DUE_AFTER).strftime("%Y-%m-%dT%H:%M")
    typed = {
        "at": at,
        "correction_kind": "correction",
        "correction_note": "틀렸습니다.",
        "_continue": "1",
    }
    plain = desk.stories["plain"]
    page = reverse("admin:desk_draft_change", args=[plain.pk])
    changed = story_form(client, plain) | {"deck": "남의 부제", "_continue": "1"}
    yield "save", page, changed
    yield "autosave", reverse("admin:desk_draft_autosave", args=[plain.pk]), changed
    for button, state in STORY_STATES.items():
        story = desk.stories[state]
        address = reverse("admin:desk_draft_change", args=[story.pk])
        yield button, address, story_form(client, story) | typed | {"do": button}


# The rules of an article's comments: nothing of the story changes.
OTHER_BUTTONS = {"comments"}


def other_posts(desk: Desk) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(what, address, form) of versions, trash, articles, releases, bundles, calendar and bulk changes."""
    stories, names = desk.stories, desk.names
    at = timezone.localtime(timezone.now() + 2 * make.DUE_AFTER).strftime("%Y-%m-%dT%H:%M")
    restore = reverse("admin:desk_draft_restore_version", args=[stories["plain"].pk, 1])
    yield "restore version", restore, {"version": "2"}
    yield "take out", reverse("admin:desk_draft_take_out", args=[stories["trashed"].pk]), {}
    of_articles = {
        "withdraw": ("live", NOTICE),
        "restore": ("withdrawn", {}),
        "end_hold": ("held", {}),
        "put_on_hold": ("live", {"reason": "법원 결정"}),
        "erase": ("live", ERASURE | {"slug": names["live"]["slug"]}),
    }
    of_releases = {
        "retry": ("failed", {}),
        "move": ("planned", {"at": at}),
        "cancel": ("planned", {}),
        "take_out": ("bundled", {}),
    }
    for verb, (story, data) in of_articles.items():
        article = stories[story].article_id
        yield verb, reverse("admin:articles_article_press", args=[article, verb]), data
    for verb, (story, data) in of_releases.items():
        yield verb, reverse("admin:desk_release_press", args=[names[story]["release"], verb]), data
    of_bundles = {"move": {"at": at}, "cancel": {}, "retry": {}}
    for verb, data in of_bundles.items():
        number = names["plain"]["stuck" if verb == "retry" else "bundle"]
        yield f"bundle {verb}", reverse("admin:desk_bundle_press", args=[number, verb]), data
    for page, verbs in (
        (ArticleAdmin, of_articles),
        (ReleaseAdmin, of_releases),
        (BundleAdmin, of_bundles),
    ):
        assert {button.verb for button in page.buttons} - OTHER_BUTTONS == set(verbs)
    planned = Release.objects.get(pk=names["planned"]["release"])
    moved = reverse("admin:calendar_move", args=["release", planned.pk])
    yield "calendar", moved, {"at": at, "guard": planned.due_at.isoformat()}
    yield from bulk_posts(desk, at)


def bulk_posts(desk: Desk, at: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The actions of the list of stories: each bulk change, and to schedule stories as a bundle."""
    kinds: dict[str, dict[str, Any]] = {
        "set_section": {"section": make.section("과학").pk},
        "add_tag": {"tag": "문"},
        "remove_tag": {"tag": "로봇"},
        "set_expiry": {"expires_at": "2030-01-02T09:00"},
        "put_on_hold": {"reason": "법원 결정"},
        "end_hold": {},
    }
    assert {f"bulk_{kind}" for kind in kinds} == {action.__name__ for action in BULK_ACTIONS}
    posts = {f"bulk_{kind}": data | {"step": "apply"} for kind, data in kinds.items()}
    posts["schedule_together"] = {"is_submitted": "1", "title": "묶음", "at": at}
    for action, data in posts.items():
        state = {"bulk_put_on_hold": "live", "bulk_end_hold": "held"}.get(action, "plain")
        story = desk.stories[state]
        chosen = {
            "action": action,
            "_selected_action": [story.pk],
            f"version_{story.pk}": story.version,
        }
        yield action, reverse("admin:desk_draft_changelist"), data | chosen


@pytest.mark.parametrize("has_own_autosave", [False, True])
def test_preview_and_remark_are_for_everybody_through_every_door(
    desk: Desk, client: Client, has_own_autosave: bool
) -> None:
    plain = desk.stories["plain"]
    client.force_login(desk.chief)
    if has_own_autosave:  # which stays one: to turn it into a save takes the lock
        release_lock(plain, by=desk.ada)
        autosave(plain, by=desk.chief, version=plain.version, form_token=uuid4(), deck="자동")
        take_over_lock(plain, by=desk.ada)
    form = story_form(client, plain) | {"do": "preview", "_continue": "1"}
    page = client.post(reverse("admin:desk_draft_change", args=[plain.pk]), form, follow=True)
    assert "미리보기 열기" in page.text
    assert DraftVersion.objects.filter(kind="autosave").exists() == has_own_autosave
    api = make.DeskClient(desk.chief)
    assert (
        api.call("POST", f"drafts/{plain.pk}/previews/", {"days": 1}, etag="*").status_code == 201
    )
    add_remark(plain, by=desk.chief, text="확인했습니다.")
