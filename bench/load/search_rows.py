"""Search index and autocomplete rows of bulk-loaded stories, the same as the indexer would write."""

from collections.abc import Sequence

from articles.models import SearchRow, SuggestedBy, SuggestedWord
from articles.search.prefix_keys import initials_key, letters_key
from bench.load.bulk_rows import execute_sql, insert_into_table, insert_rows
from bench.load.grammar import MAX_POOLED_PARAGRAPHS
from bench.load.stories import StoryRows
from newsroom.search.inverted_index import is_postgres

GRAM_INDEX = "articles_searchrow_words"
STAGED_SUGGESTIONS = "bench_suggests"  # which story suggests which word, until all are in
POOLED_GRAMS_SQL = "".join(
    f" || coalesce((SELECT words FROM bench_pool WHERE n = pooled[{n + 1}]), '')"
    for n in range(MAX_POOLED_PARAGRAPHS)
)


def create_staging_tables() -> None:
    """Create the staging table of suggestions, and drop the n-gram index until all rows are there."""
    execute_sql(f"CREATE TABLE {STAGED_SUGGESTIONS} (article_id bigint, word varchar(40))")
    if is_postgres():
        execute_sql(f"DROP INDEX IF EXISTS {GRAM_INDEX}")


def load_search_rows(stories: Sequence[StoryRows], pool: Sequence[set[str]]) -> None:
    """Insert the search rows of these stories; `pool` has the n-grams of their paragraphs."""
    (load_postgres_search_rows if is_postgres() else load_sqlite_search_rows)(stories, pool)
    insert_into_table(
        STAGED_SUGGESTIONS,
        ["article_id", "word"],
        ((s.pk, word) for s in stories for word in s.suggests()),
    )


def finish_search_rows() -> None:
    """Insert the suggestions and create the n-gram index, after the last story."""
    load_suggestions()
    create_gram_index()


def store_gram_pool(pool: Sequence[set[str]]) -> None:
    execute_sql("CREATE TEMP TABLE bench_pool (n integer PRIMARY KEY, words tsvector)")
    execute_sql("ALTER TABLE bench_pool ALTER words SET STORAGE PLAIN")
    insert_into_table(
        "bench_pool", ["n", "words"], ((n, tsvector_literal(grams)) for n, grams in enumerate(pool))
    )
    execute_sql(
        "CREATE TEMP TABLE bench_found (article bigint, edition bigint, sort_key bigint, text text,"
        " own tsvector, pooled integer[])"
    )


def tsvector_literal(grams: set[str]) -> str:
    return " ".join(f"'{gram}'" for gram in grams)


def load_postgres_search_rows(stories: Sequence[StoryRows], _pool: object) -> None:
    """Insert search rows on PostgreSQL, which concatenates the paragraphs' tsvectors itself."""
    columns = ["article", "edition", "sort_key", "text", "own", "pooled"]
    rows = (
        (s.pk, s.edition, s.sort_key, s.text(), tsvector_literal(s.own_grams()),
         f"{{{','.join(map(str, s.made.pooled))}}}")
        for s in stories
    )  # fmt: skip
    insert_into_table("bench_found", columns, rows)
    execute_sql(
        "INSERT INTO articles_searchrow (article_id, edition_id, sort_key, text, words)"
        f" SELECT article, edition, sort_key, text, own{POOLED_GRAMS_SQL} FROM bench_found"
    )
    execute_sql("TRUNCATE bench_found")


def load_sqlite_search_rows(stories: Sequence[StoryRows], pool: Sequence[set[str]]) -> None:
    columns = ("article_id", "edition_id", "sort_key", "text")
    insert_rows(SearchRow, columns, ((s.pk, s.edition, s.sort_key, s.text()) for s in stories))
    found = (
        (s.sort_key, " ".join(s.own_grams().union(*(pool[n] for n in s.made.pooled))))
        for s in stories
    )
    insert_into_table("articles_searchwords", ["rowid", "grams"], found)


def load_suggestions() -> None:
    """Insert autocomplete words, each once, and which story has them."""
    words = [word for (word,) in execute_sql(f"SELECT DISTINCT word FROM {STAGED_SUGGESTIONS}")]
    known = set(SuggestedWord.objects.values_list("word", flat=True))
    insert_rows(
        SuggestedWord,
        ("word", "spelling", "leads"),
        (
            (word, letters_key(word)[:400], initials_key(word)[:100])
            for word in words
            if word not in known
        ),
    )
    execute_sql(
        f"INSERT INTO {SuggestedBy._meta.db_table} (article_id, word_id)"
        f" SELECT s.article_id, w.id FROM {STAGED_SUGGESTIONS} s JOIN articles_suggestedword w ON "
        f"w.word = s.word"
    )
    execute_sql(f"DROP TABLE {STAGED_SUGGESTIONS}")
    execute_sql(
        "UPDATE articles_suggestedword SET stories ="
        " (SELECT count(*) FROM articles_suggestedby b WHERE b.word_id = articles_suggestedword.id)"
    )


def create_gram_index() -> None:
    """Create the n-gram index (GIN), on PostgreSQL."""
    if is_postgres():
        execute_sql(f"CREATE INDEX {GRAM_INDEX} ON articles_searchrow USING gin (words)")
