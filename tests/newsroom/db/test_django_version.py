"""Tripwire: code that depends on internals of Django was checked with this version."""

import django

CHECKED_VERSION = (5, 2)
WHAT_TO_CHECK = """
newsroom/db and accounts depend on internals of Django that may change without a deprecation. Before this
test names another version, read the new Django's sources and check:

- SQLCompiler: `as_sql()` puts parameters into the SQL as `%s` in their order and doubles literal percent
signs
  (compiled_queries.CompiledQuery.compile); `col_count`, `select`, `get_converters()`, `execute_sql()`
  (read_models.RowLoader);
- DatabaseWrapper of PostgreSQL: `_prepare_cursor()`, `close_if_health_check_failed()`, `close_at`,
  ServerBindingCursor and `ops.compose_sql()` (prepared_statements); psycopg: `prepare_threshold` decides
  at each execution whether `prepare=True` is heard;
- Query: `selected` names the columns of a `values_list()`, later annotations at the end
  (read_models.RowLoader);
- ValuesListIterable: its attributes `queryset`, `chunked_fetch`, `chunk_size`
  (read_models.ReadModelIterable);
- SQLite's `convert_datetimefield_value` and `JSONField.from_db_value` (read_models.fast_converter);
- the same of a queryset of model instances: `select` has all concrete fields in their order, and
  `Model.from_db()` takes their values (compiled_queries.InstanceLoader);
- SessionStore: `_get_session_from_db()` and `ModelBackend.get_user()` do what is done in their place in
  accounts/session_store.py, accounts/authentication/backend.py;
- ModelBackend: `_get_permissions()` reads nothing where the account has `_user_perm_cache` and
  `_group_perm_cache` (accounts/authentication/backend.py);
- bulk_create on PostgreSQL: whether it is as fast as db/bulk_insert.py now (python -m bench, the burst).

Then run tests/newsroom/db and tests/accounts on both databases and `python -m bench`.
"""


def test_django_version_is_the_one_that_was_checked() -> None:
    assert django.VERSION[:2] == CHECKED_VERSION, WHAT_TO_CHECK
