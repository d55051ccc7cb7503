"""Snapshots of stories: what a decision found and what it left, so that undoing restores it exactly."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from wire.models import MatchQuestion, Story, Version

# Rises with every change, and so with an undoing.
NOT_RESTORED = {"id", "state_number"}


def take_snapshot(story_ids: Iterable[int]) -> dict[str, Any]:
    """The columns of the stories, the places of their versions, the answers about them; JSON."""
    ids = sorted(set(story_ids))
    versions = Version.objects.filter(story__in=ids).order_by("pk")
    return {
        "stories": {str(s.pk): story_columns(s) for s in Story.objects.filter(pk__in=ids)},
        "versions": {
            str(pk): [story_id, number]
            for pk, story_id, number in versions.values_list("pk", "story_id", "number")
        },
        "answers": {
            str(pk): answer for pk, answer in questions_about(ids).values_list("pk", "answer")
        },
    }


def questions_about(story_ids: Iterable[int]) -> Any:
    ids = list(story_ids)
    return MatchQuestion.objects.filter(Q(version__story__in=ids) | Q(other__story__in=ids))


def story_columns(story: Story) -> dict[str, Any]:
    """The columns of a story as JSON: None, numbers and booleans as they are, all else as text."""
    return {
        field.attname: to_json(getattr(story, field.attname), field.value_to_string(story))
        for field in Story._meta.concrete_fields
        if field.attname not in NOT_RESTORED
    }


def to_json(value: Any, text: str) -> Any:
    return value if value is None or isinstance(value, bool | int) else text


def has_changed(after: dict[str, Any], now: dict[str, Any]) -> bool:
    """Whether a story or the place of a version is another than the decision left it."""
    return any(after[part] != now[part] for part in ("stories", "versions"))


def has_new_versions(after: dict[str, Any], now: dict[str, Any]) -> bool:
    return not now["versions"].keys() <= after["versions"].keys()


def restore_snapshot(before: dict[str, Any], *, after: dict[str, Any]) -> None:
    """Put back versions, stories and answers. A story that the decision made stays as a pointer.

    The caller holds the locks, and has seen that nothing has changed since `after`.
    """
    moved = {pk: at for pk, at in before["versions"].items() if after["versions"][pk] != at}
    # Two steps: a number may be taken until its version has gone.
    for offset, (pk, (_story_id, _number)) in enumerate(moved.items()):
        Version.objects.filter(pk=pk).update(number=FREE_NUMBERS + offset)
    for pk, (story_id, number) in moved.items():
        Version.objects.filter(pk=pk).update(story_id=story_id, number=number)
    for pk, columns in before["stories"].items():
        Story.objects.filter(pk=pk).update(**to_values(columns))
    for pk in after["answers"].keys() - before["answers"].keys():
        MatchQuestion.objects.filter(pk=pk).delete()
    for pk, answer in before["answers"].items():
        if after["answers"].get(pk) != answer:
            MatchQuestion.objects.filter(pk=pk).update(answer=answer)


FREE_NUMBERS = 1_000_000_000


def to_values(columns: dict[str, Any]) -> dict[str, Any]:
    """The columns as values of their fields."""
    fields = {field.attname: field for field in Story._meta.concrete_fields}
    return {
        name: fields[name].to_python(value) for name, value in columns.items() if name in fields
    }
