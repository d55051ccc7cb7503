"""Driver of `bench.search`, a process over the database to measure: `python -m bench.drivers.search_queries
ROUNDS`."""

import random
import re
import sys
import time
import unicodedata
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402  # the settings stand now
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from articles.models import SearchRow  # noqa: E402
from bench.drivers.report import describe_load, describe_machine  # noqa: E402
from bench.load.grammar import RARE_SECTION, RARE_TAG, WHAT, WHERE, WHO  # noqa: E402

Asked = tuple[str, dict[str, str]]
Durations = tuple[float, float]  # milliseconds: by the clock, and of this process's work in them
QUESTIONS_BY_KIND: dict[str, list[str]] = {
    "very common, two syllables": ["정부", "대학", "전주", "서울"],
    "common, longer": ["인공지능", "한국은행", "과기정통부"],
    "with a particle": ["정부는", "인공지능이", "한국은행은"],
    "mixed script": ["오픈AI", "GPT-5", "K팝", "코로나19"],
    "several common words": ["정부 예산", "연구진 반도체", "서울 지진 국회"],
    "a phrase": ['"정부는 서울에서"', '"인공지능 대책"'],
    "spaced otherwise": ["인공 지능", "한국 은행"],
    "without a word": ["정부 -예산", "인공지능 -서울 -부산"],
    "nowhere": ["물레방아", "떡갈나무숲"],
}
FILTERED_QUESTIONS: dict[str, list[Asked]] = {
    "common, in a section": [("정부", {"section": "과학"}), ("로봇", {"section": "경제"})],
    "common, in a rare section": [("정부", {"section": RARE_SECTION})],
    "common, with a rare tag": [("인공지능", {"tag": RARE_TAG})],
    "common, until some years ago": [("정부", {"published_before": "2019-05-01T00:00:00Z"})],
    "common, oldest month": [("서울", {"published_before": "2017-01-01T00:00:00Z"})],
}
TYPED_PREFIXES = ["인", "인공", "인고", "반도체", "묶음1", "ㅈ", "ㅇㄱ", "ㅂㄷㅊ", "인공ㅈ", "GP"]
LIST, SUGGEST = "/api/v1/articles/", "/api/v1/articles/suggest/"
PAGE_SIZE = 100
CHECKED_ARTICLES = 1000  # articles that recall and precision are counted in


def main(rounds: int) -> None:
    print(f"{SearchRow.objects.count():,} articles on {connection.vendor}; {database_size()}\n")
    settings.ALLOWED_HOSTS = ["*"]
    chance = random.Random(7)
    questions: dict[str, list[Asked]] = {
        **{kind: [(q, {}) for q in asked] for kind, asked in QUESTIONS_BY_KIND.items()},
        **FILTERED_QUESTIONS,
    }
    questions["(no search: the newest)"] = [("", {})]
    questions["rare (a name)"] = [(name, {}) for name in sample_names(chance, 8)]
    print("| question | hits on page 1 | p50 ms | p95 | longest | own work p50 | p95 |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    everything: list[Durations] = []
    for kind, asked in questions.items():
        hits, durations = measure_searches(asked, rounds)
        everything += durations if asked[0][0] else []
        print(table_row(kind, hits, durations))
    print(table_row("all of them", 0, everything))
    print(table_row("suggestions", *measure_suggestions(rounds)))
    print(f"\n{describe_machine()}. {describe_load()}\n")
    measure_relevance(chance)


def measure_searches(asked: list[Asked], rounds: int) -> tuple[int, list[Durations]]:
    """Most hits on a page, and the durations of first and second pages."""
    client, durations, hits = Client(), list[Durations](), 0
    for number in range(-1, rounds):
        if not number:
            durations.clear()  # each was asked once before, to warm up
        for question, filters in asked:
            page = time_request(client, LIST, search_parameters(question, filters), durations)
            hits = max(hits, len(page["results"]))
            if page["next"] and number % 2:
                time_request(client, page["next"], None, durations)
    return hits, durations


def measure_suggestions(rounds: int) -> tuple[int, list[Durations]]:
    """Most suggestions, and the duration of each prefix."""
    client, durations, most = Client(), list[Durations](), 0
    for number in range(-1, rounds):
        if not number:
            durations.clear()
        for typed in TYPED_PREFIXES:
            most = max(most, len(time_request(client, SUGGEST, {"q": typed}, durations)["results"]))
    return most, durations


def search_parameters(question: str, filters: dict[str, str]) -> dict[str, str]:
    return {"q": question, **filters} if question else filters


def time_request(
    client: Client, url: str, parameters: dict[str, str] | None, durations: list[Durations]
) -> Any:
    began, worked = time.perf_counter(), time.process_time()
    answer = client.get(url, parameters)
    ours = (time.process_time() - worked) * 1000
    durations.append(((time.perf_counter() - began) * 1000, ours))
    if answer.status_code != 200:
        raise SystemExit(
            f"{url} {parameters}: {answer.status_code} {answer.content.decode()[:300]}"
        )
    return answer.json()


def table_row(kind: str, hits: int, durations: list[Durations]) -> str:
    clock, work = (sorted(column) for column in zip(*durations, strict=True))
    times = f"{format_quantiles(clock)} | {clock[-1]:.1f} | {format_quantiles(work)}"
    return f"| {kind} | {hits or ''} | {times} |"


def format_quantiles(ordered: list[float]) -> str:
    return " | ".join(f"{ordered[int(len(ordered) * share)]:.1f}" for share in (0.5, 0.95))


def sample_names(chance: random.Random, number: int) -> list[str]:
    """Names out of stories, none of which is in many."""
    found = []
    rows = SearchRow.objects.order_by("sort_key")
    for at in chance.sample(range(rows.count()), number):
        deck = rows[at].text.split("\n")[1]
        found.append(re.sub("(은|는)$", "", deck.split("현장의 ")[1].split()[0]))
    return found


def database_size() -> str:
    """Size of the search index on disk."""
    if connection.vendor != "postgresql":
        file = Path(str(settings.DATABASES["default"]["NAME"]))
        return f"{file.stat().st_size / 2**20:,.0f} MB all in all"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_total_relation_size('articles_searchrow'), pg_database_size(current_database())"
        )
        ours, whole = (number / 2**20 for number in cursor.fetchone())
    return f"search {ours:,.0f} MB of {whole:,.0f} MB"


# -- Recall and precision -----------------------------------------------------------------------


def measure_relevance(chance: random.Random) -> None:
    """Compare with the sentences of the oldest stories, every page walked to its end.

    What is true is judged twice, by plain containment: in the text as it is spaced, and in the text
    without any space; the words asked for are subjects, places and names of the grammar, and pieces of
    two to four syllables out of the middle of sentences.
    """
    oldest: Any = SearchRow.objects.order_by("sort_key")
    rows = list(oldest.values_list("article__slug", "text")[:CHECKED_ARTICLES])
    until = oldest[len(rows) - 1].article.first_published_at.isoformat()
    spaced = {slug: normalize_text(text) for slug, text in rows}
    close = {slug: text.replace(" ", "") for slug, text in spaced.items()}
    words = [*WHO, *WHAT, *WHERE, *sample_names(chance, 20), *sample_phrases(chance, spaced, 100)]
    words = [word for word in words if len(word) > 1]  # one syllable is refused
    counts = {"as spaced": [0, 0, 0], "without spaces": [0, 0, 0]}
    for word in words:
        found = set(all_hits(word, until)) & spaced.keys()
        wanted = normalize_text(word).replace(" ", "")
        for name, texts in (("as spaced", spaced), ("without spaces", close)):
            true = {slug for slug, text in texts.items() if contains_word(text, wanted)}
            counts[name][0] += len(found & true)
            counts[name][1] += len(true)
            counts[name][2] += len(found)
    print(f"{len(words)} words against the sentences of {len(rows):,} stories:\n")
    print("| true is containment in the text | recall | precision | hits |\n|---|--:|--:|--:|")
    for name, (both, there, hits) in counts.items():
        print(f"| {name} | {both / there:.4f} | {both / hits:.4f} | {hits:,} |")


def normalize_text(text: str) -> str:
    """The sentences, one a line, small letters, without marks. Not search's own reading of them."""
    text = unicodedata.normalize("NFKC", text).lower()
    text = re.sub(r"(?<=[가-힣])[.,]\s*|[.,]\s+|\s/\s", "\n", text)
    return re.sub(r"[^\w\s]", "", text)


def contains_word(text: str, word: str) -> bool:
    """Whether the word is in a line; Latin letters and digits at its ends end there in the text, too."""
    if word not in text:
        return False
    start = (
        r"(?<![a-z])"
        if word[0].isascii() and word[0].isalpha()
        else r"(?<!\d)"
        if word[0].isdigit()
        else ""
    )
    end = (
        r"(?![a-z])"
        if word[-1].isascii() and word[-1].isalpha()
        else r"(?!\d)"
        if word[-1].isdigit()
        else ""
    )
    return bool(re.search(start + re.escape(word) + end, text))


def sample_phrases(chance: random.Random, texts: dict[str, str], number: int) -> list[str]:
    """Two to four syllables out of words of the texts, as people type parts of words."""
    words = [w for text in chance.choices(list(texts.values()), k=number * 3) for w in text.split()]
    long = [word for word in words if re.fullmatch("[가-힣]{3,}", word)]
    found = []
    for word in chance.sample(long, number):
        width = chance.randint(2, min(4, len(word)))
        start = chance.randint(0, len(word) - width)
        found.append(word[start : start + width])
    return found


def all_hits(question: str, until: str) -> list[str]:
    """Slugs of all hits up to a time, page after page."""
    client, found, durations = Client(), list[str](), list[Durations]()
    asked = {"q": question, "published_before": until, "page_size": str(PAGE_SIZE)}
    page = time_request(client, LIST, asked, durations)
    while True:
        found += [hit["slug"] for hit in page["results"]]
        if not page["next"]:
            return found
        page = time_request(client, page["next"], None, durations)


if __name__ == "__main__":
    main(int(sys.argv[1]))
