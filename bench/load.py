"""`python -m bench.load --articles 1000000`: live stories in bulk, in the database of the settings.

For measuring readers' lists and search: the rows that a publication leaves on the readers' side
(article, edition, appearance, change, authors, tags, counts) and, unless `--bare`, what search knows
of them.  Drafts, releases, the logbook and the outbox stay as they are.  First published one after the
other over ten years.  Give it a database of its own: nothing takes these rows away again.
"""

import argparse
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache

import django

if __name__ == "__main__":
    django.setup()

from django.db import connection, transaction  # the settings stand now
from django.utils.html import escape

from articles.grams import grams_of
from articles.gramstores import is_postgres, keep
from articles.models import (
    Appearance,
    Article,
    ArticleCounts,
    Author,
    Byline,
    Change,
    Edition,
    Section,
    Tag,
    Tagging,
)
from articles.texts import Words, place_of, text_of
from bench.grammar import RARE_SECTION, RARE_TAG, SECTIONS, Grammar

YEARS = timedelta(days=3650)
AT_ONCE = 2000
RARE_EVERY = 20_000  # one story in so many is in the rare section and has the rare tag
AUTHORS, TAGS = 50, 200
INDEX = "articles_searchrow_words"


class Furniture:
    """Sections, authors and tags for the stories."""

    def __init__(self) -> None:
        self.sections = [
            Section.objects.get_or_create(slug=slug, defaults={"name": slug, "position": n})[0]
            for n, slug in enumerate([*SECTIONS, RARE_SECTION])
        ]
        self.authors = [
            Author.objects.get_or_create(
                slug=f"기자-{n}", defaults={"name": f"기자{n}", "title": "기자", "role": "취재"}
            )[0]
            for n in range(AUTHORS)
        ]
        self.tags = [
            Tag.objects.get_or_create(slug=slug, defaults={"name": slug})[0]
            for slug in (*(f"묶음{n}" for n in range(TAGS)), RARE_TAG)
        ]


def load(articles: int, *, seed: int = 1, bare: bool = False) -> float:
    """Make so many live stories; the seconds it took."""
    began = time.monotonic()
    grammar, furniture, remembered = Grammar(seed), Furniture(), cache(grams_of)
    first = (Article.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    edition = (Edition.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    start = datetime.now(UTC) - YEARS - timedelta(hours=1)
    step = YEARS / articles
    if is_postgres() and not bare:
        run(f"DROP INDEX IF EXISTS {INDEX}")
    for numbers in batched_numbers(articles):
        stories = [
            Story(grammar, furniture, first + n, edition + n, start + step * n) for n in numbers
        ]
        write(stories, None if bare else remembered)
    if is_postgres():
        tidy(bare=bare)
    return time.monotonic() - began


def batched_numbers(articles: int) -> Iterator[range]:
    for start in range(0, articles, AT_ONCE):
        yield range(start, min(start + AT_ONCE, articles))


class Story:
    """The rows of one story."""

    def __init__(
        self, grammar: Grammar, has: Furniture, pk: int, edition: int, at: datetime
    ) -> None:
        made, pick = grammar.story(pk), grammar.chance
        rare = pk % RARE_EVERY == 1
        section = has.sections[-1] if rare else pick.choice(has.sections[:-1])
        self.tags = [*pick.sample(has.tags[:-1], 3), *([has.tags[-1]] if rare else [])]
        self.authors = [pick.choice(has.authors)]
        body = "".join(f"<p>{escape(text)}</p>" for text in made.paragraphs)
        slug = f"기사-{pk}"
        self.article = Article(
            pk=pk, slug=slug, live_id=edition, section=section, first_published_at=at,
            published_at=at, indexed=edition, told=edition,
        )  # fmt: skip
        self.change = Change(article_id=pk, place=pk, kind=Change.Kind.PUBLISHED, at=at)
        self.edition = Edition(
            pk=edition, article_id=pk, number=1, slug=slug, headline=made.headline, deck=made.deck,
            summary=made.summary, body=body, body_html=body, byline=self.authors[0].name,
            section=section, author_ids=[a.pk for a in self.authors],
            tag_ids=[t.pk for t in self.tags], frozen_at=at,
        )  # fmt: skip
        names = ([t.name for t in self.tags], [a.name for a in self.authors])
        self.words = Words(
            article=pk, edition=edition, place=place_of(at, pk),
            text=text_of(self.edition, tags=names[0], by=names[1]), section=section.pk,
            authors=tuple(self.edition.author_ids), tags=tuple(self.edition.tag_ids), published_at=at,
        )  # fmt: skip


@transaction.atomic
def write(stories: list[Story], remembered) -> None:  # type: ignore[no-untyped-def]  # a cached function
    if remembered is None:
        for story in stories:
            story.article.indexed = 0
    Article.objects.bulk_create(s.article for s in stories)
    Edition.objects.bulk_create(s.edition for s in stories)
    Appearance.objects.bulk_create(
        Appearance(
            article_id=s.article.pk, edition_id=s.edition.pk, published_at=s.article.published_at
        )
        for s in stories
    )
    Change.objects.bulk_create(s.change for s in stories)
    ArticleCounts.objects.bulk_create(ArticleCounts(article_id=s.article.pk) for s in stories)
    for row, name in ((Byline, "author"), (Tagging, "tag")):
        row.objects.bulk_create(
            row(article_id=s.article.pk, position=n, **{name: thing})
            for s in stories
            for n, thing in enumerate(getattr(s, f"{name}s"))
        )
    if remembered is not None:
        keep([s.words for s in stories], remembered)


def tidy(*, bare: bool) -> None:
    """Numbers go on behind ours; the index is made at once, and the planner knows what there is."""
    for model in (Article, Edition):
        table = model._meta.db_table
        run(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
        )
    if not bare:
        run("SET maintenance_work_mem = '512MB'")
        run(f"CREATE INDEX {INDEX} ON articles_searchrow USING gin (words)")
    run("VACUUM ANALYZE")


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.load", description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000, help="(default 100,000)")
    parser.add_argument("--seed", type=int, default=1, help="of the words (default 1)")
    parser.add_argument("--bare", action="store_true", help="without what search knows of them")
    asked = parser.parse_args()
    seconds = load(asked.articles, seed=asked.seed, bare=asked.bare)
    print(f"{asked.articles:,} articles in {seconds:,.0f} s")


if __name__ == "__main__":
    main()
