"""Ignored readers: private to the one who ignores, by account and not by nickname, bounded."""

from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.actions import change_nickname, ignore_reader, ignoring
from accounts.errors import TooManyIgnored
from accounts.models import IgnoredReader, User, is_ignored
from comments.actions import post_comment
from tests.support import make

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/me/ignored/"


def state(client: APIClient, slug: str) -> Any:
    return client.get(f"/api/v1/me/state/?articles={slug}").json()


def test_ignored_comments_are_folded_for_the_ignorer_alone_and_still_counted(
    chi: User, mal: User, as_user: Any, api: APIClient
) -> None:
    """community B51: the public thread is the same for everybody; the list is in the private state."""
    article = make.live()
    post_comment(article, by=mal, text="시비 거는 말")
    thread = f"/api/v1/articles/{article.slug}/comments/"
    before = api.get(thread)
    response = as_user(chi).put(f"{ADDRESS}mal/")
    assert (response.status_code, response.json()["nickname"]) == (200, "mal")
    assert response["Cache-Control"] == "no-store"
    assert state(as_user(chi), article.slug)["ignored"] == ["mal"]
    assert state(as_user(mal), article.slug)["ignored"] == []
    assert state(api, article.slug)["ignored"] == []
    for reader in (api, as_user(chi), as_user(mal)):
        after = reader.get(thread)
        assert (after.content, after["ETag"]) == (before.content, before["ETag"])
        assert "public" in after["Cache-Control"]
    counts = api.get(f"/api/v1/articles/{article.slug}/").json()["counts"]
    assert counts["comments"] == 1


def test_ignoring_goes_with_the_account_not_with_the_nickname(
    chi: User, mal: User, as_user: Any
) -> None:
    client = as_user(chi)
    client.put(f"{ADDRESS}mal/")
    change_nickname(mal, nickname="새 이름")
    assert [row["nickname"] for row in client.get(ADDRESS).json()["results"]] == ["새 이름"]
    assert is_ignored(by=chi, author=mal)
    assert not is_ignored(by=mal, author=chi)
    assert client.delete(f"{ADDRESS}새 이름/").status_code == 204
    assert client.delete(f"{ADDRESS}새 이름/").status_code == 204
    assert client.get(ADDRESS).json()["results"] == []


def test_staff_and_oneself_cannot_be_ignored_and_unknown_nicknames_are_404(
    chi: User, ben: User, as_user: Any
) -> None:
    client = as_user(chi)
    refused = client.put(f"{ADDRESS}{ben.nickname}/")
    assert (refused.status_code, refused.json()["code"]) == (409, "staff_ignored")
    assert client.put(f"{ADDRESS}chi/").json()["code"] == "own_account"
    assert client.put(f"{ADDRESS}없는 사람/").status_code == 404
    assert client.delete(f"{ADDRESS}없는 사람/").status_code == 404
    assert APIClient().put(f"{ADDRESS}chi/").status_code == 401
    assert not IgnoredReader.objects.exists()


def test_who_joins_the_staff_or_closes_the_account_is_ignored_no_longer(
    chi: User, mal: User, as_user: Any
) -> None:
    ignore_reader("mal", by=chi)
    User.objects.filter(pk=mal.pk).update(is_staff=True)
    assert as_user(chi).get(ADDRESS).json()["results"] == []
    User.objects.filter(pk=mal.pk).update(is_staff=False)
    assert as_user(mal).delete("/api/v1/me/").status_code == 204
    assert not IgnoredReader.objects.exists()


def test_nickname_with_a_stroke_or_in_decomposed_letters_is_found(
    chi: User, mal: User, as_user: Any
) -> None:
    change_nickname(mal, nickname="가을/겨울")
    assert as_user(chi).put(f"{ADDRESS}가을%2F겨울/").status_code == 200
    assert as_user(chi).delete(f"{ADDRESS}가을%2F겨울/").status_code == 204


def test_number_of_queries_of_the_list_does_not_grow(chi: User, as_user: Any) -> None:
    client, counts = as_user(chi), []
    for start in (0, 1):
        for number in range(start, start * 20 + 1):
            make.reader(f"sol{number}")
            ignore_reader(f"sol{number}", by=chi)
        with CaptureQueriesContext(connection) as queries:
            client.get(ADDRESS, {"page_size": 100})
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_list_is_not_longer_than_its_bound_after_requests_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ignoring, "MAX_IGNORED_READERS", 3)
    chi = make.reader("chi")
    names = [f"sol{number}" for number in range(6)]
    for name in names:
        make.reader(name)
    work = [partial(ignore_reader, name, by=chi) for name in (*names, names[0])]
    outcomes = make.race(7, lambda n: work[n]())
    assert sum(isinstance(one, TooManyIgnored) for one in outcomes) in {3, 4}
    assert IgnoredReader.objects.filter(reader=chi).count() == 3
