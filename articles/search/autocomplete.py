"""Autocomplete: words of live headlines, tags and section names that begin as typed.

The search indexer (articles/search/indexer.py) stores the words after publication.  A word is suggested
only while an article that has it is live: every request checks that.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.db.models import F, Model, OuterRef, Subquery

from articles.models import (
    Article,
    Edition,
    Section,
    SuggestedBy,
    SuggestedWord,
    Tag,
    Tagging,
)
from articles.search.prefix_keys import KEY_RANGE_END, TypedPrefix, initials_key, letters_key
from newsroom.db.expressions import IdArray
from newsroom.text.normalization import normalize_text

MAX_SUGGESTIONS = 10
MIN_SUGGESTED_WORD_CHARS, MAX_SUGGESTED_WORD_CHARS = 2, 20
CANDIDATE_BATCH_SIZE = 30  # words checked for live articles at once
MAX_SPELLING_CHARS, MAX_LEADS_CHARS = 400, 100  # the widths of their columns
WORD_PATTERN = re.compile(r"[^\W_]+(?:[-·&][^\W_]+)*")
# Particles after at least two syllables, which no word of its own ends with.
TRAILING_PARTICLE_PATTERN = re.compile(
    r"(?<=[가-힣]{2})(?:에서|에게|으로|까지|부터|에는|에도|이라|은|는|을|를)$"
)


def suggestable_words(headline: str) -> list[str]:
    """The words of a headline that are suggested, without particles: at least two letters, no numbers."""
    words = (
        TRAILING_PARTICLE_PATTERN.sub("", word)
        for word in WORD_PATTERN.findall(normalize_text(headline))
    )
    return [
        word
        for word in words
        if MIN_SUGGESTED_WORD_CHARS <= len(word) <= MAX_SUGGESTED_WORD_CHARS and not word.isdigit()
    ]


def suggestable_words_by_article(articles: Sequence[Article]) -> dict[int, set[str]]:
    """{article id: words} of these live articles. Five queries, however many: PostgreSQL plans a join of
    these tables for full reads in a loop, where its statistics call them empty."""
    ids = IdArray(article.pk for article in articles)
    live = Article.objects.live().filter(pk__in_array=ids)
    rows = list(live.values_list("pk", "live_id", "section_id"))
    taggings = Tagging.objects.filter(article__in_array=ids).order_by()
    tagged = list(taggings.values_list("article_id", "tag_id"))
    headlines = texts_by_id(Edition, (edition for _pk, edition, _section in rows), "headline")
    sections = texts_by_id(Section, (pk for *_rest, pk in rows if pk), "name")
    tags = texts_by_id(Tag, (tag for _pk, tag in tagged), "name")
    words_by_id: dict[int, set[str]] = {article.pk: set() for article in articles}
    for pk, edition, section in rows:
        words_by_id[pk] |= {*suggestable_words(headlines[edition])}
        words_by_id[pk] |= {sections[section]} if section else set()
        words_by_id[pk] |= {tags[tag] for article_id, tag in tagged if article_id == pk}
    return {pk: {w for w in words if has_key(w)} for pk, words in words_by_id.items()}


@lru_cache(maxsize=8192)
def has_key(word: str) -> bool:
    """Whether a word can be typed: headlines repeat their words, and a key takes 80 µs."""
    return bool(letters_key(word))


def texts_by_id(model: type[Model], ids: Iterable[int], column: str) -> dict[int, str]:
    rows = model._default_manager.filter(pk__in_array=IdArray(ids)).order_by()
    return dict(rows.values_list("pk", column))


def update_suggested_words(articles: Sequence[Article]) -> None:
    """Store the words of these live articles, which the caller has locked, and drop their former ones."""
    words_by_id = suggestable_words_by_article(articles)
    stored = stored_word_pairs(words_by_id)
    word_ids = get_or_create_word_ids({word for words in words_by_id.values() for word in words})
    current = {(pk, word_ids[word]) for pk, words in words_by_id.items() for word in words}
    delete_word_pairs(stored - current)
    SuggestedBy.objects.bulk_create(
        [SuggestedBy(article_id=pk, word_id=word) for pk, word in sorted(current - stored)]
    )
    adjust_article_counts(
        Counter(word for _, word in current - stored), Counter(word for _, word in stored - current)
    )


def remove_suggested_words(article_ids: Iterable[int]) -> None:
    """Remove the words of articles that are no longer live."""
    stored = stored_word_pairs(article_ids)
    delete_word_pairs(stored)
    adjust_article_counts(Counter(), Counter(word for _, word in stored))


def stored_word_pairs(article_ids: Iterable[int]) -> set[tuple[int, int]]:
    """(article id, word id) of these articles."""
    rows = SuggestedBy.objects.filter(article__in=list(article_ids))
    return set(rows.values_list("article_id", "word_id"))


def delete_word_pairs(pairs: set[tuple[int, int]]) -> None:
    for article_id in {article_id for article_id, _ in pairs}:
        word_ids = [word_id for owner_id, word_id in pairs if owner_id == article_id]
        SuggestedBy.objects.filter(article=article_id, word__in=word_ids).delete()


def get_or_create_word_ids(words: set[str]) -> dict[str, int]:
    """{word: id}, with rows for new words."""
    ids = word_ids_of(words)
    rows = [
        SuggestedWord(
            word=word,
            spelling=letters_key(word)[:MAX_SPELLING_CHARS],
            leads=initials_key(word)[:MAX_LEADS_CHARS],
        )
        for word in sorted(words - ids.keys())
    ]
    if rows:
        SuggestedWord.objects.bulk_create(rows, ignore_conflicts=True)
        ids |= word_ids_of({row.word for row in rows})
    return ids


def word_ids_of(words: set[str]) -> dict[str, int]:
    return dict(SuggestedWord.objects.filter(word__in=words).values_list("word", "pk"))


def adjust_article_counts(added: Counter[int], removed: Counter[int]) -> None:
    """Change the counts of articles by word id; in ascending order, so that workers cannot deadlock."""
    for word_id in sorted({*added, *removed}):
        change = added[word_id] - removed[word_id]
        SuggestedWord.objects.filter(pk=word_id).update(stories=F("stories") + change)


def suggest_words(prefix: TypedPrefix) -> list[str]:
    """At most MAX_SUGGESTIONS words of live articles with this prefix, those of most articles first."""
    candidates = words_with_prefix(prefix).filter(stories__gt=0).order_by("-stories", "word")
    suggestions: list[str] = []
    start = 0
    while len(suggestions) < MAX_SUGGESTIONS:
        word_ids = list(
            candidates.values_list("pk", flat=True)[start : start + CANDIDATE_BATCH_SIZE]
        )
        if word_ids:
            suggestions += words_of_live_articles(word_ids)
        if len(word_ids) < CANDIDATE_BATCH_SIZE:
            break
        start += CANDIDATE_BATCH_SIZE
    return suggestions[:MAX_SUGGESTIONS]


def words_with_prefix(prefix: TypedPrefix) -> Any:
    """Queryset of the words with this prefix, by a range of the index that every database can use."""
    words = SuggestedWord.objects.all()
    for column in ("spelling", "leads"):
        if key := getattr(prefix, column):
            key_range = {f"{column}__gte": key, f"{column}__lt": key + KEY_RANGE_END}
            words = words.filter(**{f"{column}__startswith": key}, **key_range)
    return words


def words_of_live_articles(word_ids: list[int]) -> list[str]:
    """Those of these words that a live article has, in the order given."""
    # One article of each word, by a subquery: a join would read all words of all articles on PostgreSQL.
    live = Article.objects.live().filter(suggests__word=OuterRef("pk")).values("pk")
    rows: Any = SuggestedWord.objects.filter(pk__in=word_ids).annotate(article=Subquery(live[:1]))
    words = {pk: word for pk, word, article in rows.values_list("pk", "word", "article") if article}
    return [words[word_id] for word_id in word_ids if word_id in words]
