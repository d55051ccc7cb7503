"""Texts of a delivery that a later parsing did not find again: they decide nothing, match nothing
and are not found by the search.
"""

from collections.abc import Collection, Sequence

from django.db.models import Q

from accounts.models import User
from wire.actions.indexing import index_version
from wire.actions.joining import refresh_maybe_cancelled
from wire.actions.locking import lock_stories
from wire.actions.placing import index_text
from wire.actions.settling import refresh_story
from wire.matching import content_hash, facts_of_version
from wire.models import Delivery, IndexedVersion, MatchQuestion, MatchTerm, Version
from wire.models.versions import SUPERSEDED
from wire.parsers.result import ParsedStory


def replaced_texts(delivery: Delivery, texts: Sequence[ParsedStory]) -> dict[int, Version]:
    """The version whose place a text takes, by the text's `id()`: where one alone is gone and one new."""
    hashes = {id(text): content_hash(text) for text in texts}
    known = {v.content_hash: v for v in delivery.versions.select_related("story")}
    gone = [
        v for h, v in known.items() if v.reading != SUPERSEDED and h not in set(hashes.values())
    ]
    new = [text for text in texts if hashes[id(text)] not in known]
    return {id(new[0]): gone[0]} if len(gone) == len(new) == 1 else {}


def read_replaced(former: Version | None) -> Version | None:
    """The version whose place a text takes, in the story where it is now; None where it was erased since.

    The caller holds the lock on the source: nobody joins or splits its stories.
    """
    return former and Version.objects.filter(pk=former.pk).first()


def supersede_others(
    delivery: Delivery, own: Collection[int], *, reading: int, by: User | None
) -> None:
    """Note which texts of the delivery an earlier parsing read, and this one did not find again; `own` are
    the ids of those that it found.

    The caller holds the lock on the source. Questions about these texts are dropped. A text that is found
    once more counts, and is indexed and matched again.
    """
    rows = delivery.versions.select_related("story")
    former = list(rows.exclude(pk__in=own).filter(reading__gt=SUPERSEDED))
    revived = list(rows.filter(pk__in=own, reading=SUPERSEDED))
    touched = {version.story_id for version in (*former, *revived)} | drop_questions(former)
    MatchTerm.objects.filter(version__in=former).delete()
    IndexedVersion.objects.filter(version__in=former).delete()
    Version.objects.filter(pk__in=[v.pk for v in former]).update(reading=SUPERSEDED)
    Version.objects.filter(pk__in=[v.pk for v in revived]).update(reading=reading)
    for version in revived:
        index_version(version, story=version.story)
        if not version.story.identifier:
            index_text(version, facts_of_version(version), source_id=delivery.source_id)
    for story in lock_stories(touched).values():
        refresh_maybe_cancelled(story)
        refresh_story(story, by=by)


def drop_questions(versions: Collection[Version]) -> set[int]:
    """Delete the open questions about these versions; the ids of the stories that were asked about."""
    about = Q(version__in=versions) | Q(other__in=versions)
    questions = MatchQuestion.objects.filter(about, answer=MatchQuestion.Answer.OPEN)
    pairs = list(questions.values_list("version__story", "other__story"))
    questions.delete()
    return {story_id for pair in pairs for story_id in pair}
