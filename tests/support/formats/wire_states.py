"""State of the wire's stories that must not depend on the order in which deliveries are parsed."""

from typing import Any

from wire.models import MatchQuestion, Story, Version


def story_states() -> list[tuple[Any, ...]]:
    """Status, embargo, current version, texts and questions of every story."""
    stories = {story.pk: story for story in Story.objects.with_current_version().with_versions()}
    return sorted(
        (
            story.status,
            (story.embargo, str(story.embargo_until)),
            text_of(story.current),
            sorted(text_of(version) for version in story.versions.all()),
            sorted(asked_about(story.pk)),
        )
        for story in stories.values()
        if story.current
    )


def text_of(version: Version | None) -> tuple[Any, ...]:
    if version is None:
        return ()
    return version.headline, version.marks, version.paragraphs, version.agency_version


def asked_about(story_id: int) -> set[str]:
    """The current texts of the stories that this one may be the same as."""
    questions = MatchQuestion.objects.unanswered().of_story(story_id)
    rows = questions.select_related("version__story__current", "other__story__current")
    others = [q.other.story if q.version.story_id == story_id else q.version.story for q in rows]
    return {repr(text_of(story.current)) for story in others}
