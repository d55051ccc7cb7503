"""Copies of stories, by the thousand: as good as the real ones, or nothing shown with them counts."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import models
from django.utils import timezone
from rest_framework.test import APIClient

from articles.models import Article
from desk.actions import publish_now
from desk.tasks import process_due
from tests.support import make
from tests.support.bulk_copies import (
    StoryTemplate,
    scheduled_story_template,
    scheduled_update_template,
)

pytestmark = pytest.mark.django_db
# Given anew for every row: numbers, ids, and when it was written.
OF_ITS_OWN = (models.AutoField, models.ForeignKey, models.UUIDField)


def comparable_rows(template: StoryTemplate) -> dict[str, list[dict[str, Any]]]:
    """Every row, without what is of its own."""
    return {
        model._meta.label: [
            {
                f.name: getattr(row, f.attname)
                for f in model._meta.concrete_fields
                if not isinstance(f, OF_ITS_OWN) and not isinstance(f, models.DateTimeField)
            }
            for row in rows
        ]
        for model, rows in template.rows.items()
    }


@pytest.mark.parametrize("kind", [scheduled_story_template, scheduled_update_template])
def test_a_copy_leaves_the_rows_that_the_real_actions_leave(kind: Any) -> None:
    make.planned()  # sections, authors and tags are there already
    due = timezone.now() + make.DUE_AFTER
    first = kind(at=due, headline="첫 이야기")
    real = kind(at=due, headline="첫 이야기")
    copied = StoryTemplate(lambda: cast_one(first))
    assert differences(comparable_rows(real), comparable_rows(copied)) == {}


def cast_one(template: StoryTemplate) -> Any:
    due = template.release.due_at + timedelta(seconds=1)
    [article] = template.copy_many([due], names=["베낀-이야기"])
    assert Article.objects.get(pk=article).slug == "베낀-이야기"
    waiting = type(template.release).objects.waiting().get(article=article)
    assert waiting.due_at == due
    return waiting


def differences(real: dict[str, Any], copied: dict[str, Any]) -> dict[str, Any]:
    """Columns in which the copy is not what a real story is, addresses and numbers apart."""
    found = {}
    assert real.keys() == copied.keys()
    for label, rows in real.items():
        assert len(rows) == len(copied[label]), label
        for one, other in zip(rows, copied[label], strict=True):
            for name in one:
                if one[name] != other[name] and not is_own(name):
                    found[f"{label}.{name}"] = (one[name], other[name])
    return found


def is_own(name: str) -> bool:
    return name in {"slug", "subject", "key", "data", "details"}


def test_copies_go_out_as_the_original_does(api: APIClient) -> None:
    template = scheduled_story_template(at=timezone.now() + make.DUE_AFTER)
    dues = [template.release.due_at + timedelta(seconds=n) for n in range(3)]
    template.copy_many(dues, names=[f"베낀-{n}" for n in range(3)])
    with time_machine.travel(dues[1], tick=False):
        assert process_due().published == 3  # the original and two copies
        statuses = [api.get(f"/api/v1/articles/베낀-{n}/").status_code for n in range(3)]
    assert statuses == [200, 200, 404]


def test_a_copied_story_can_be_edited_and_published_like_any_other(api: APIClient) -> None:
    template = scheduled_update_template(at=timezone.now() + make.DUE_AFTER, headline="원래 제목")
    [article] = template.copy_many([template.release.due_at], names=["베낀"])
    assert api.get("/api/v1/articles/베낀/").json()["headline"] == "원래 제목"
    draft = make.draft_of(Article.objects.get(pk=article))
    publish_now(make.changed(draft, headline="새 제목"), by=make.ben())
    assert api.get("/api/v1/articles/베낀/").json()["headline"] == "새 제목"
    make.live()  # the database counts on after the copies
