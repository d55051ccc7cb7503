"""What search and suggestions know of stories made in bulk, as they would have taken it in themselves."""

from collections.abc import Sequence

from articles.models import SearchRow, SuggestedBy, SuggestedWord
from articles.search.backends import is_postgres
from articles.search.prefix_keys import leads_of, spelling_of
from bench.load.bulk_rows import pour, pour_into, run
from bench.load.grammar import MOST_POOLED
from bench.load.stories import Story

INDEX = "articles_searchrow_words"
SAID = "bench_suggests"  # which story suggests which word, until all are in
FROM_POOL = "".join(
    f" || coalesce((SELECT words FROM bench_pool WHERE n = pooled[{n + 1}]), '')"
    for n in range(MOST_POOLED)
)


def begin() -> None:
    """Before the first story: a place for what they suggest, and no index that grows with each."""
    run(f"CREATE TABLE {SAID} (article_id bigint, word varchar(40))")
    if is_postgres():
        run(f"DROP INDEX IF EXISTS {INDEX}")


def find(stories: Sequence[Story], pool: Sequence[set[str]]) -> None:
    """Let search know these stories, whose paragraphs have these grams."""
    (find_by_array if is_postgres() else find_by_fts)(stories, pool)
    pour_into(
        SAID, ["article_id", "word"], ((s.pk, word) for s in stories for word in s.suggests())
    )


def end() -> None:
    """After the last story."""
    suggest()
    index()


def keep_pool(pool: Sequence[set[str]]) -> None:
    run("CREATE TEMP TABLE bench_pool (n integer PRIMARY KEY, words tsvector)")
    run("ALTER TABLE bench_pool ALTER words SET STORAGE PLAIN")
    pour_into("bench_pool", ["n", "words"], ((n, lexemes(grams)) for n, grams in enumerate(pool)))
    run(
        "CREATE TEMP TABLE bench_found (article bigint, edition bigint, place bigint, text text,"
        " own tsvector, pooled integer[])"
    )


def lexemes(grams: set[str]) -> str:
    return " ".join(f"'{gram}'" for gram in grams)


def find_by_array(stories: Sequence[Story], _pool: object) -> None:
    """PostgreSQL puts the grams of the paragraphs together by itself."""
    columns = ["article", "edition", "place", "text", "own", "pooled"]
    rows = (
        (s.pk, s.edition, s.place, s.text(), lexemes(s.own_grams()),
         f"{{{','.join(map(str, s.made.pooled))}}}")
        for s in stories
    )  # fmt: skip
    pour_into("bench_found", columns, rows)
    run(
        "INSERT INTO articles_searchrow (article_id, edition_id, place, text, words)"
        f" SELECT article, edition, place, text, own{FROM_POOL} FROM bench_found"
    )
    run("TRUNCATE bench_found")


def find_by_fts(stories: Sequence[Story], pool: Sequence[set[str]]) -> None:
    columns = ("article_id", "edition_id", "place", "text")
    pour(SearchRow, columns, ((s.pk, s.edition, s.place, s.text()) for s in stories))
    found = (
        (s.place, " ".join(s.own_grams().union(*(pool[n] for n in s.made.pooled)))) for s in stories
    )
    pour_into("articles_searchwords", ["rowid", "grams"], found)


def suggest() -> None:
    """Words of all stories, each once, and who says them."""
    words = [word for (word,) in run(f"SELECT DISTINCT word FROM {SAID}")]
    known = set(SuggestedWord.objects.values_list("word", flat=True))
    pour(
        SuggestedWord,
        ("word", "spelling", "leads"),
        (
            (word, spelling_of(word)[:400], leads_of(word)[:100])
            for word in words
            if word not in known
        ),
    )
    run(
        f"INSERT INTO {SuggestedBy._meta.db_table} (article_id, word_id)"
        f" SELECT s.article_id, w.id FROM {SAID} s JOIN articles_suggestedword w ON w.word = s.word"
    )
    run(f"DROP TABLE {SAID}")
    run(
        "UPDATE articles_suggestedword SET stories ="
        " (SELECT count(*) FROM articles_suggestedby b WHERE b.word_id = articles_suggestedword.id)"
    )


def index() -> None:
    """The index of grams, made at once."""
    if is_postgres():
        run(f"CREATE INDEX {INDEX} ON articles_searchrow USING gin (words)")
