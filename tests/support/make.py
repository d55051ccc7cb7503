"""Factories: objects made by the real actions; `live()` really publishes."""

import io
import itertools
import json
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from importlib import import_module
from typing import Any, TypeVar

from django.apps import apps
from django.contrib.auth.models import Group
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, connections, transaction
from django.db.models import CharField
from django.utils import timezone
from PIL import Image

from accounts.actions import fill_account_defaults, issue_token
from accounts.models import User
from articles.models import Article, Author, Section
from desk.actions import edit, publish_now, schedule_bundle, schedule_draft, start_draft
from desk.actions.legal.claims import record_claim
from desk.models import Bundle, Claim, Draft, Release
from media.actions import import_photo
from media.models import Photo
from newsroom.db.compiled_queries import CompiledQuery, Param

T = TypeVar("T")
sequence = itertools.count(1)
# What a sign-up has to state besides address and password.
SIGN_UP_STATEMENTS = {"is_14_or_older": True, "agrees_to_terms": True, "agrees_to_privacy": True}
DUE_AFTER = timedelta(minutes=5)


def reference_rows() -> None:
    """Create the rows that migrations create (roles, the first wire source); idempotent."""
    for migration, step in (
        ("desk.migrations.0002_roles", "create_roles"),
        ("desk.migrations.0007_claim_roles", "grant_claims"),
        ("desk.migrations.0009_erasure_roles", "grant_erasures"),
        ("desk.migrations.0023_moderation_roles", "grant_moderation"),
        ("comments.migrations.0013_decision_reasons", "add_reasons"),
        ("wire.migrations.0003_yonhap_source", "add_yonhap"),
    ):
        getattr(import_module(migration), step)(apps, None)


def to_json(body: Any) -> str:
    """A JSON body; empty for None."""
    return "" if body is None else json.dumps(body, cls=DjangoJSONEncoder)


# What nearly every test asks several times is compiled once per process.
@cache
def member_query() -> CompiledQuery[User]:
    members = User.objects.filter(
        email=Param("email", CharField()), groups__name=Param("role", CharField())
    )
    return CompiledQuery(members.order_by("pk"))


@cache
def person_query() -> CompiledQuery[User]:
    return CompiledQuery(User.objects.filter(email=Param("email", CharField())).order_by("pk"))


@cache
def role_query() -> CompiledQuery[Group]:
    return CompiledQuery(Group.objects.filter(name=Param("name", CharField())))


@cache
def section_query() -> CompiledQuery[Section]:
    return CompiledQuery(Section.objects.filter(slug=Param("slug", CharField())))


@cache
def author_query() -> CompiledQuery[Author]:
    return CompiledQuery(Author.objects.filter(slug=Param("slug", CharField())))


def person(name: str, **attributes: Any) -> User:
    """The account `name`@example.com, created where there is none; several threads may ask at once."""
    email = f"{name}@example.com"
    if existing := person_query().fetch(email=email):
        return existing[0]
    try:
        with transaction.atomic():
            return create_person(name, email=email, **attributes)
    except IntegrityError:  # another thread has created it meanwhile
        return User.objects.get(email=email)


def create_person(name: str, *, email: str, **attributes: Any) -> User:
    nickname = attributes.pop("nickname", name)
    user = fill_account_defaults(User(email=email, name=name, nickname=nickname, **attributes))
    user.set_password(f"{name}-password-1")
    user.save()
    return user


def staff(name: str, *, role: str) -> User:
    """The member of staff with this role, without cached permissions."""
    email = f"{name}@example.com"
    if members := member_query().fetch(email=email, role=role):
        return members[0]
    user, [group] = person(name, is_staff=True), role_query().fetch(name=role)
    membership = User.groups.through(user=user, group=group)
    User.groups.through.objects.bulk_create([membership], ignore_conflicts=True)
    return person_query().fetch(email=email)[0]


def reader(name: str) -> User:
    return person(name)


def ben() -> User:
    return staff("ben", role="editor")


def chief() -> User:
    return staff("chief", role="chief")


def section(slug: str = "산업") -> Section:
    if existing := section_query().fetch(slug=slug):
        return existing[0]
    return Section.objects.get_or_create(slug=slug, defaults={"name": slug})[0]


def author(slug: str = "한빛") -> Author:
    if existing := author_query().fetch(slug=slug):
        return existing[0]
    return Author.objects.get_or_create(
        slug=slug, defaults={"name": slug, "title": "기자", "role": "편집"}
    )[0]


def draft_data(**over: Any) -> dict[str, Any]:
    """Data of a draft that passes every check, in Korean."""
    n = next(sequence)
    return {
        "headline": f"시험용 로봇, {n}번째 문을 열다",
        "deck": "연구실 복도에서 벌어진 일",
        "summary_1": "로봇이 손잡이를 돌렸다",
        "summary_2": "문은 생각보다 무거웠다",
        "summary_3": "다음 시험은 계단이다",
        "body": "<p>로봇은 잠시 멈춰 섰습니다.</p><h2>문은 왜 무거웠을까?</h2><p>경첩 때문입니다.</p>",
        "section": section(),
        "authors": [author()],
        "tags": ["로봇", "연구"],
    } | over


def draft(*, by: User | None = None, **over: Any) -> Draft:
    return start_draft(by or ben(), **draft_data(**over))


def live(**over: Any) -> Article:
    """A live article, really published."""
    editor = ben()
    return publish_now(draft(**({"by": editor} | over)), by=editor).article


def planned(*, at: datetime | None = None, **over: Any) -> Release:
    """A scheduled release."""
    editor = ben()
    story = draft(**({"by": editor} | over))
    return schedule_draft(story, at=at or timezone.now() + DUE_AFTER, by=editor)


def bundled(*drafts: Draft, at: datetime | None = None, title: str = "묶음") -> Bundle:
    """A scheduled bundle of these drafts."""
    return schedule_bundle(drafts, title=title, at=at or timezone.now() + DUE_AFTER, by=ben())


def draft_of(article: Article) -> Draft:
    return Draft.objects.get(article=article)


def changed(story: Draft, **over: Any) -> Draft:
    return edit(story, by=ben(), **over)


def poll_data(**over: Any) -> dict[str, Any]:
    return {
        "title": "부키와 모키의 티격태격",
        "question": "로봇에게 문을 맡겨도 될까?",
        "sides": [
            {"key": "pro", "label": "찬", "persona": "부키", "argument": "손이 비니까"},
            {"key": "con", "label": "반", "persona": "모키", "argument": "문이 무서우니까"},
        ],
    } | over


def claim(article: Article | None = None, *, by: User | None = None, **over: Any) -> Claim:
    """A recorded claim for correction against this article, or a new live one."""
    fields: dict[str, Any] = {
        "kind": Claim.Kind.CORRECTION,
        "received_at": timezone.now(),
        "known_on": timezone.localdate(),
        "passage": "로봇이 문을 부쉈다.",
        "reason": "문은 열려 있었습니다.",
        "wanted_text": "로봇은 열린 문을 지나갔으므로 바로잡습니다.",
        "claimant": {"name": "김문지기", "phone": "02-000-0000", "email": "door@example.com"},
    } | over
    return record_claim(article or live(), by=by or ben(), **fields)


def image_bytes(*, size: tuple[int, int] = (640, 400), kind: str = "JPEG", **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (40, 90, 160)).save(out, kind, **options)
    return out.getvalue()


def photo(**over: Any) -> Photo:
    texts = {"alt": "문 앞에 선 로봇", "caption": "시험실", "credit": "뉴스룸"} | over
    return import_photo(image_bytes(), by=ben(), name="robot.jpg", **texts)


class DeskClient:
    """Desk API client with a bearer token that sends If-Match."""

    def __init__(self, user: User, *, scopes: tuple[str, ...] = ("desk",)) -> None:
        # Imported here: it takes a third of a second, which processes that only make rows do without.
        self.client: Any = import_module("rest_framework.test").APIClient()
        self.client.credentials(HTTP_AUTHORIZATION=f"Bearer {issue_token(user, scopes=scopes)}")

    def call(self, method: str, path: str, data: Any = None, *, etag: str | None = None) -> Any:
        headers = {"If-Match": etag} if etag else {}
        return self.client.generic(
            method,
            f"/api/v1/desk/{path}",
            "" if data is None else json.dumps(data, cls=DjangoJSONEncoder),
            content_type="application/json",
            headers=headers,
        )

    def act(self, draft_id: int, verb: str, data: Any = None) -> Any:
        etag = self.call("GET", f"drafts/{draft_id}/")["ETag"]
        return self.call("POST", f"drafts/{draft_id}/{verb}/", data or {}, etag=etag)


def race(runners: int, work: Callable[[int], T]) -> list[T | Exception]:
    """Results of a function in threads that start at once, each with its own connection; errors too."""
    gate, out = threading.Barrier(runners), list[T | Exception]()

    def run(number: int) -> None:
        gate.wait()
        try:
            out.append(work(number))
        except Exception as refusal:  # noqa: BLE001  # whatever came of it is what a race is about
            out.append(refusal)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(runners)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return out
