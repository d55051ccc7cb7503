"""Words for whoever has begun to type one: those of live headlines, their tags and sections.

The sweep of search (articles/search/indexer.py) writes them down after publication. A word is shown
only while
a story that has it is live: every read asks the stories.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import F, OuterRef, Subquery

from articles.models import Article, SuggestedBy, SuggestedWord
from articles.search.prefix_keys import KEY_RANGE_END, TypedPrefix, initials_key, letters_key
from newsroom.text.normalization import normalize_text

MAX_SUGGESTIONS, MAX_SUGGESTED_WORD_CHARS, CANDIDATE_BATCH_SIZE = 10, 20, 30
WORD_PATTERN = re.compile(r"[^\W_]+(?:[-·&][^\W_]+)*")
# Particles that end no word of their own, where two syllables are left before them.
TRAILING_PARTICLE_PATTERN = re.compile(
    r"(?<=[가-힣]{2})(?:에서|에게|으로|까지|부터|에는|에도|이라|은|는|을|를)$"
)


def suggestable_words(headline: str) -> list[str]:
    """The words of a headline that are worth suggesting, without their particles: two letters at least."""
    found = (
        TRAILING_PARTICLE_PATTERN.sub("", word)
        for word in WORD_PATTERN.findall(normalize_text(headline))
    )
    return [
        word for word in found if 2 <= len(word) <= MAX_SUGGESTED_WORD_CHARS and not word.isdigit()
    ]


def suggestable_words_by_article(articles: Iterable[Article]) -> dict[int, set[str]]:
    """The words that each of these live articles has. Two queries, however many."""
    numbers = [article.pk for article in articles]
    rows = Article.objects.live().filter(pk__in=numbers)
    wanted: dict[int, set[str]] = {pk: set() for pk in numbers}
    for pk, headline, section in rows.values_list("pk", "live__headline", "section__name"):
        wanted[pk] |= {*suggestable_words(headline), *([section] if section else [])}
    for pk, tag in rows.values_list("pk", "taggings__tag__name"):
        wanted[pk] |= {tag} if tag else set()
    return {pk: {w for w in words if letters_key(w)} for pk, words in wanted.items()}


def update_suggested_words(articles: Sequence[Article]) -> None:
    """Write down the words of these articles, which the caller holds, in place of what was known."""
    wanted = suggestable_words_by_article(articles)
    known = stored_word_pairs(wanted)
    numbers = get_or_create_word_ids({word for words in wanted.values() for word in words})
    fresh = {(pk, numbers[word]) for pk, words in wanted.items() for word in words}
    delete_word_pairs(known - fresh)
    SuggestedBy.objects.bulk_create(
        [SuggestedBy(article_id=pk, word_id=word) for pk, word in sorted(fresh - known)]
    )
    adjust_article_counts(
        Counter(word for _, word in fresh - known), Counter(word for _, word in known - fresh)
    )


def remove_suggested_words(article_ids: Iterable[int]) -> None:
    """Let go of the words of stories that are shown no more."""
    known = stored_word_pairs(article_ids)
    delete_word_pairs(known)
    adjust_article_counts(Counter(), Counter(word for _, word in known))


def stored_word_pairs(article_ids: Iterable[int]) -> set[tuple[int, int]]:
    rows = SuggestedBy.objects.filter(article__in=list(article_ids))
    return set(rows.values_list("article_id", "word_id"))


def delete_word_pairs(pairs: set[tuple[int, int]]) -> None:
    for pk in {pk for pk, _ in pairs}:
        gone = [word for one, word in pairs if one == pk]
        SuggestedBy.objects.filter(article=pk, word__in=gone).delete()


def get_or_create_word_ids(words: set[str]) -> dict[str, int]:
    """The number of each word, made where it is new."""
    rows = [
        SuggestedWord(word=word, spelling=letters_key(word)[:400], leads=initials_key(word)[:100])
        for word in sorted(words)
    ]
    SuggestedWord.objects.bulk_create(rows, ignore_conflicts=True)
    found = SuggestedWord.objects.filter(word__in=words)
    return dict(found.values_list("word", "pk"))


def adjust_article_counts(more: Counter[int], fewer: Counter[int]) -> None:
    """Count the stories of each word; in one order, so that two workers never wait in a ring."""
    for word in sorted({*more, *fewer}):
        change = more[word] - fewer[word]
        SuggestedWord.objects.filter(pk=word).update(stories=F("stories") + change)


def suggest_words(beginning: TypedPrefix) -> list[str]:
    """At most ten words of live stories that begin so, those of most stories first."""
    candidates = words_with_prefix(beginning).filter(stories__gt=0).order_by("-stories", "word")
    shown: list[str] = []
    start = 0
    while len(shown) < MAX_SUGGESTIONS:
        numbers = list(
            candidates.values_list("pk", flat=True)[start : start + CANDIDATE_BATCH_SIZE]
        )
        if numbers:
            shown += words_of_live_articles(numbers)
        if len(numbers) < CANDIDATE_BATCH_SIZE:
            break
        start += CANDIDATE_BATCH_SIZE
    return shown[:MAX_SUGGESTIONS]


def words_with_prefix(beginning: TypedPrefix) -> Any:
    words = SuggestedWord.objects.all()
    for column in ("spelling", "leads"):
        if start := getattr(beginning, column):
            ends = {f"{column}__gte": start, f"{column}__lt": start + KEY_RANGE_END}
            words = words.filter(**{f"{column}__startswith": start}, **ends)
    return words


def words_of_live_articles(numbers: list[int]) -> list[str]:
    """Those of these words that a live story has, in this order."""
    # Of each word one story is looked for and no more: PostgreSQL would put all words of all stories
    # together to find those that have one.
    stories = Article.objects.live().filter(suggests__word=OuterRef("pk")).values("pk")
    rows: Any = SuggestedWord.objects.filter(pk__in=numbers).annotate(story=Subquery(stories[:1]))
    live = {pk: word for pk, word, story in rows.values_list("pk", "word", "story") if story}
    return [live[number] for number in numbers if number in live]
