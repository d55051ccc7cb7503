"""Every story gets its neighbours after it was published, and becomes one of others.

Whoever relates follows the change feed, as a mirror would: each story once after each change, however
many there were.  Idempotent, and nothing here decides what readers see (ArticleQuerySet.beside does).
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count

from articles.models import Article, Change, Neighbour, Reached, SearchRow, Tagging
from articles.related.similarity import Traits, nearest, words_in
from articles.search.backends import OneOf, find
from articles.search.documents import place_of
from articles.search.tokenizer import IN_HEADLINE

NAME = "neighbours"
AT_ONCE = 10
KEPT, SHOWN = 12, 5  # more than are shown, since some of them will be withdrawn
LOOKED_AT = 40  # candidates by each of tags, section and words
MOST_WORDS = 40
WITHIN = timedelta(days=365)
MENDED = 20  # stories that get their neighbours anew because one went
Scores = dict[int, int]


def relate_next(*, at_once: int = AT_ONCE) -> int:
    """Relate the next stories that have changed; how many. One look where there are none."""
    reached = Reached.objects.filter(name=NAME).values_list("place", flat=True).first() or 0
    if not Change.objects.filter(place__gt=reached).exists():
        return 0
    Reached.objects.get_or_create(name=NAME)
    return go_on(at_once=at_once)


@transaction.atomic
def go_on(*, at_once: int) -> int:
    """Take up where the last one stopped; nothing while somebody else is at it."""
    held = Reached.objects.select_for_update(skip_locked=True).filter(name=NAME).first()
    if held is None:
        return 0
    lines = list(Change.objects.filter(place__gt=held.place).order_by("place")[:at_once])
    for line in lines:
        relate(line.pk)
    if lines:
        held.place = lines[-1].place
        held.save(update_fields=["place"])
    return len(lines)


@transaction.atomic
def relate(article: int) -> None:
    """Find the neighbours of a story anew, and those it is one of; of one that is gone, neither."""
    left = set(Neighbour.objects.filter(related=article).values_list("article", flat=True))
    Neighbour.objects.filter(related=article).delete()
    Neighbour.objects.filter(article=article).delete()
    own, others = around(article)
    if own is not None:
        found = nearest(own, others, most=LOOKED_AT)
        write({article: dict(found[:KEPT])})
        left -= offer(article, dict(found))
    mend(left)


def around(article: int) -> tuple[Traits | None, list[Traits]]:
    """What a story is like, and what those are like that may be near it; None where it is not live."""
    found = traits_of([article])
    if not found:
        return None, []
    return found[0], traits_of(candidates(found[0]) - {article})


def offer(article: int, scores: Scores) -> set[int]:
    """Let those who are near the story have it as a neighbour, where it is nearer than another of
    theirs; who has it now."""
    theirs: dict[int, Scores] = defaultdict(dict)
    rows = Neighbour.objects.filter(article__in=scores)
    for other, related, score in rows.values_list("article", "related", "score"):
        theirs[other][related] = score
    better: dict[int, Scores] = {}
    for other, score in scores.items():
        have = theirs[other]
        if len(have) < KEPT:
            better[other] = {article: score}
        elif score > min(have.values()):
            last = min(have, key=lambda number: (have[number], number))
            Neighbour.objects.filter(article=other, related=last).delete()
            better[other] = {article: score}
    write(better)
    return set(better)


def mend(articles: Iterable[int]) -> None:
    """Find neighbours for some stories that have lost one and have too few left to show."""
    rows = Neighbour.objects.filter(article__in=sorted(articles)).values("article")
    enough = rows.annotate(n=Count("pk")).filter(n__gte=SHOWN).values_list("article", flat=True)
    for article in sorted(set(articles) - set(enough))[:MENDED]:
        own, others = around(article)
        if own is not None:
            write({article: dict(nearest(own, others, most=KEPT))})


def write(neighbours: dict[int, Scores]) -> None:
    Neighbour.objects.bulk_create(
        (
            Neighbour(article_id=article, related_id=related, score=score)
            for article, scores in neighbours.items()
            for related, score in scores.items()
        ),
        update_conflicts=True,
        unique_fields=["article", "related"],
        update_fields=["score"],
    )


def candidates(own: Traits) -> set[int]:
    """Live stories that share tags, section or words of the headline with one; the newest of each."""
    newest = Article.objects.live().newest_first().values_list("pk", flat=True)
    tagged = newest.filter(taggings__tag__in=own.tags)[:LOOKED_AT] if own.tags else []
    beside = newest.filter(section=own.section)[:LOOKED_AT] if own.section else []
    return {*tagged, *beside, *saying(own.words, until=own.published_at)}


def saying(words: Iterable[str], *, until: datetime) -> Iterable[int]:
    """Stories whose headlines say some of these words, as search knows them."""
    asked = tuple(IN_HEADLINE + word for word in sorted(words, key=len, reverse=True)[:MOST_WORDS])
    if not asked:
        return []
    above, below = place_of(until - WITHIN), place_of(until + WITHIN)
    places = find(OneOf(asked), above=above, below=below, upwards=False, most=LOOKED_AT)
    return SearchRow.objects.filter(place__in=places).values_list("article", flat=True)


def traits_of(articles: Iterable[int]) -> list[Traits]:
    """What those of these stories are like that are live. Two queries."""
    numbers = sorted(articles)
    tags: dict[int, list[int]] = defaultdict(list)
    rows = Tagging.objects.filter(article__in=numbers).values_list("article", "tag")
    for article, tag in rows:
        tags[article].append(tag)
    shown = Article.objects.live().filter(pk__in=numbers)
    found: Any = shown.values_list(
        "pk", "section", "first_published_at", "live__headline", "live__deck"
    )
    return [
        Traits(pk, section, at, frozenset(tags[pk]), words_in(headline, deck))
        for pk, section, at, headline, deck in found
    ]
