"""Rows of published stories in the reader tables, as columns and values."""

import json
import uuid
from datetime import datetime
from functools import cache
from typing import Any

from django.utils.html import escape

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
from articles.search.autocomplete import suggestable_words
from bench.load.bulk_rows import database_datetime
from bench.load.grammar import RARE_SECTION, RARE_TAG, SECTIONS, StoryGrammar
from newsroom.search.sort_keys import date_terms, make_sort_key
from newsroom.search.tokenizer import HEAD_PREFIX, HEADLINE_PREFIX, extract_ngrams

AUTHOR_COUNT, TAG_COUNT = 50, 200
RARE_EVERY = 20_000  # one story in so many is in the rare section and has the rare tag
COLUMNS_BY_MODEL: dict[Any, tuple[str, ...]] = {
    Article: ("id", "slug", "live_id", "section_id", "first_published_at", "published_at",
        "change_feed_state", "indexed_edition", "uid"),
    Edition: (
        "id", "article_id", "number", "slug", "headline", "deck", "summary", "body", "body_html",
        "byline", "section_id", "author_ids", "tag_ids", "frozen_at",
    ),
    Appearance: ("article_id", "edition_id", "published_at"),
    Change: ("article_id", "position", "kind", "at"),
    ArticleCounts: ("article_id",),
    Byline: ("article_id", "author_id", "position", "first_published_at"),
    Tagging: ("article_id", "tag_id", "position", "first_published_at"),
}  # fmt: skip
cached_grams = cache(extract_ngrams)


def identifier_of(number: int) -> str:
    """The permanent identifier of a story: the same one for the same number, as both databases take it."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"story:{number}").hex


class ReferenceRows:
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
            for n in range(AUTHOR_COUNT)
        ]
        self.tags = [
            Tag.objects.get_or_create(slug=slug, defaults={"name": slug})[0]
            for slug in (*(f"묶음{n}" for n in range(TAG_COUNT)), RARE_TAG)
        ]


class StoryRows:
    """One generated story: its rows, its document text and its n-grams."""

    def __init__(
        self, grammar: StoryGrammar, has: ReferenceRows, pk: int, edition: int, at: datetime
    ) -> None:
        made, pick = grammar.story(pk), grammar.chance
        rare = pk % RARE_EVERY == 1
        self.pk, self.edition, self.at, self.made = pk, edition, at, made
        self.sort_key = make_sort_key(at, pk)
        self.section = has.sections[-1] if rare else pick.choice(has.sections[:-1])
        self.tags = [*pick.sample(has.tags[:-1], 3), *([has.tags[-1]] if rare else [])]
        self.author = pick.choice(has.authors)

    def rows(self) -> dict[Any, list[tuple[Any, ...]]]:
        """Values in the order of COLUMNS."""
        pk, edition, made, at = self.pk, self.edition, self.made, database_datetime(self.at)
        slug, section = f"기사-{pk}", self.section.pk
        body = "".join(f"<p>{escape(text)}</p>" for text in made.paragraphs)
        return {
            Article: [(pk, slug, edition, section, at, at, edition, edition, identifier_of(pk))],
            Edition: [
                (
                    edition, pk, 1, slug, made.headline, made.deck, json.dumps(made.summary), body,
                    body, self.author.name, section, json.dumps([self.author.pk]),
                    json.dumps([tag.pk for tag in self.tags]), at,
                )
            ],
            Appearance: [(pk, edition, at)],
            Change: [(pk, pk, Change.Kind.PUBLISHED.value, at)],
            ArticleCounts: [(pk,)],
            Byline: [(pk, self.author.pk, 0, at)],
            Tagging: [(pk, tag.pk, n, at) for n, tag in enumerate(self.tags)],
        }  # fmt: skip

    def text(self) -> str:
        """As articles.search.documents.document_text() says it."""
        names = " / ".join(tag.name for tag in self.tags)
        made = self.made
        head = [made.headline, made.deck, *made.summary, names, self.author.name]
        return "\n".join([*head, *made.paragraphs])

    def own_grams(self) -> set[str]:
        """What it is found by but for the paragraphs out of the pool, each of which has its own."""
        made = self.made
        headline = line_grams(made.headline)
        head = headline.union(
            extract_ngrams(made.deck),
            *map(cached_grams, made.summary),
            *(cached_grams(tag.name) for tag in self.tags),
            cached_grams(self.author.name),
        )
        keys = {f"_s{self.section.pk}", f"_a{self.author.pk}", *date_terms(self.at.date())}
        return head.union(
            keys,
            (f"_t{tag.pk}" for tag in self.tags),
            (HEADLINE_PREFIX + gram for gram in headline),
            (HEAD_PREFIX + gram for gram in head),
            extract_ngrams(made.paragraphs[0]),
        )

    def suggests(self) -> set[str]:
        return {
            *suggestable_words(self.made.headline),
            *(tag.name for tag in self.tags),
            self.section.name,
        }


def line_grams(line: str) -> set[str]:
    """The n-grams of a line whose clauses come again and again."""
    return set[str]().union(*map(cached_grams, line.split(", ")))


def gram_pool(grammar: StoryGrammar) -> list[set[str]]:
    """The n-grams of each paragraph of the pool."""
    return [extract_ngrams(paragraph) for paragraph in grammar.pool]
