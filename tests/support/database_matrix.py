"""Database matrix plugin: all tests run on SQLite, those about the database again on real servers.

Loaded by pyproject.toml. ./test runs pytest twice and says in NEWSROOM_RUN which run it is; plain
`pytest` runs everything and skips, with a sentence, what needs a server that is not there.
"""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

SQLITE_RUN, SERVERS_RUN = "sqlite", "servers"
CURRENT_RUN = os.environ.get("NEWSROOM_RUN", "")
# A missing server or browser fails the run instead of skipping what needs it.
ARE_SERVICES_REQUIRED = bool(os.environ.get("CI") or os.environ.get("REQUIRE_SERVICES"))
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup", "live_server"}
# The engine alone, which needs half of the processor time of the whole browser, else that.
CHROMIUM_PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
COUNTED_OUTCOMES = ("passed", "failed", "error", "skipped", "xfailed", "xpassed")

# Tests that use a database, but whose subject is HTTP, document formats, pictures, metrics or processes,
# HTML, wording, who may see and change what, or how many queries a page needs: one database shows it.
# On both run the modules about what differs by database: text search, related articles, locks and releases
# (tests/desk/actions/, test_isolation.py), constraints, triggers, JSON, counters, erasure, archives and
# deliveries; and of these here each test that executes SQL of its own (on_both_databases.txt): every
# statement is executed on both. Those marked (postgres, redis) run on the servers all the same.
SQLITE_ONLY = (
    "tests/accounts/test_accounts_api.py",
    "tests/accounts/test_createstaff.py",
    "tests/accounts/test_published_password.py",
    "tests/accounts/test_sessions_end.py",
    "tests/accounts/test_sign_up_alike.py",
    "tests/accounts/test_staff_second_factor.py",
    "tests/articles/syndication/test_feed_changes.py",
    "tests/articles/syndication/test_feed_content.py",
    "tests/articles/syndication/test_feed_rules.py",
    "tests/articles/syndication/test_feeds_and_sitemaps.py",
    "tests/articles/syndication/test_ninjs.py",
    "tests/articles/syndication/test_sitemap_months.py",
    "tests/articles/syndication/test_sitemap_reader.py",
    "tests/articles/syndication/test_sitemap_schemas.py",
    "tests/articles/test_articles_api.py",
    "tests/articles/test_editorial_fields.py",
    "tests/articles/test_identifiers.py",
    "tests/articles/test_sparse_cards.py",
    "tests/comments/moderation/test_comments_moderating.py",
    "tests/comments/threads/test_comments_reading.py",
    "tests/comments/reports/test_comments_reports.py",
    "tests/comments/threads/test_comments_threads.py",
    "tests/comments/writing/test_comments_writing.py",
    "tests/comments/writing/test_own_comments.py",
    "tests/desk/actions/test_assignment.py",
    "tests/desk/actions/test_four_eyes_by_section.py",
    "tests/desk/actions/test_remarks.py",
    "tests/desk/admin/test_admin_access.py",
    "tests/desk/admin/test_admin_apps.py",
    "tests/desk/admin/test_admin_bundles.py",
    "tests/desk/admin/test_admin_dashboard.py",
    "tests/desk/admin/test_admin_stories.py",
    "tests/desk/admin/test_boxed_stories.py",
    "tests/desk/admin/test_calendar.py",
    "tests/desk/admin/test_desk_home.py",
    "tests/desk/admin/test_draft_versions.py",
    "tests/desk/admin/test_form_preview.py",
    "tests/desk/admin/test_story_form_input.py",
    "tests/desk/admin/test_story_list.py",
    "tests/desk/admin/test_three_way_merge.py",
    "tests/desk/admin/test_unsaved_work.py",
    "tests/desk/api/",
    "tests/desk/body/",
    "tests/desk/bulk/",
    "tests/desk/claims/",
    "tests/desk/test_canary.py",
    "tests/desk/test_correction_kinds.py",
    "tests/desk/test_email_sender.py",
    "tests/desk/test_external_links.py",
    "tests/desk/test_field_rights.py",
    "tests/desk/test_html_normalizer.py",
    "tests/desk/test_link_addresses.py",
    "tests/desk/test_links.py",
    "tests/desk/test_locked_verbs.py",
    "tests/desk/test_notices.py",
    "tests/desk/test_pickable_stories.py",
    "tests/desk/test_role_canaries.py",
    "tests/desk/test_roles_verbs_states.py",
    "tests/desk/test_seo_fields.py",
    "tests/e2e/test_anonymous_sweep.py",
    "tests/media/",
    "tests/newsroom/api/",
    "tests/newsroom/http/test_backend_errors.py::test_no_url_answers_500_while_the_database_fails",
    "tests/newsroom/http/test_cache_control.py",
    "tests/newsroom/http/test_canonical_urls.py",
    "tests/newsroom/http/test_compression.py",
    "tests/newsroom/http/test_cors.py",
    "tests/newsroom/http/test_hardening.py",
    "tests/newsroom/http/test_reference_cycles.py",
    "tests/newsroom/http/test_request_coalescing.py",
    "tests/newsroom/http/test_response_cache",
    "tests/newsroom/http/test_stale_if_error.py",
    "tests/newsroom/observability/test_logging.py",
    "tests/newsroom/observability/test_metrics.py",
    "tests/newsroom/server/",
    "tests/outbox/test_cache_purges.py",
    "tests/outbox/test_http_client.py",
    "tests/outbox/test_indexnow.py",
    "tests/outbox/test_outbox_admin.py",
    "tests/outbox/test_outbox_metrics.py",
    "tests/outbox/test_retry_policy.py",
    "tests/outbox/test_signature_oracle.py",
    "tests/outbox/test_ssrf_guard.py",
    "tests/outbox/test_subscriber_kinds.py",
    "tests/pages/",
    "tests/polls/test_polls_api.py",
    "tests/saves/",
    "tests/scripts/",
    "tests/wire/formats/test_own_documents.py",
    "tests/wire/test_agency_changes.py",
    "tests/wire/test_wire_admin.py",
    "tests/wire/test_wire_api.py",
    "tests/wire/test_wire_embargo.py",
)
ON_BOTH = tuple(
    line
    for line in (Path(__file__).parent / "on_both_databases.txt").read_text().splitlines()
    if not line.startswith("#")
)

REQUIREMENTS: dict[str, tuple[Callable[[], object], str]] = {
    "postgres": (
        lambda: os.environ.get("DATABASE_URL", "").startswith("postgres"),
        "needs PostgreSQL: ./test brings one, or set DATABASE_URL",
    ),
    "redis": (
        lambda: os.environ.get("REDIS_URL"),
        "needs a Redis-compatible server: ./test brings one, or set REDIS_URL",
    ),
    "pgbouncer": (
        lambda: shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin"),
        "needs PgBouncer: apt install pgbouncer",
    ),
    "browser": (
        lambda: any(shutil.which(name) for name in CHROMIUM_PROGRAMS),
        "needs Chromium: apt install chromium-headless-shell",
    ),
    "java": (
        lambda: shutil.which("java"),
        "needs Java: apt install default-jre-headless",
    ),
    "proxy": (
        lambda: (
            shutil.which("varnishd")
            and any(Path("/usr/lib").glob("*/varnish/vmods/libvmod_xkey.so"))
        ),
        "needs Varnish: apt install varnish varnish-modules",
    ),
}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In ./test, keep the tests of the current run. The slow ones begin: at the end of the random order,
    one would leave the other workers idle."""
    if belongs := {SQLITE_RUN: belongs_to_sqlite, SERVERS_RUN: belongs_to_servers}.get(CURRENT_RUN):
        config.hook.pytest_deselected(items=[item for item in items if not belongs(item)])
        items[:] = [item for item in items if belongs(item)]
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def belongs_to_sqlite(item: pytest.Item) -> bool:
    return not any(item.get_closest_marker(need) for need in REQUIREMENTS)


def belongs_to_servers(item: pytest.Item) -> bool:
    """Whether a test is marked as needing a server, or uses a database and is not for SQLite alone."""
    if not belongs_to_sqlite(item):
        return True
    uses_database = item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(
        getattr(item, "fixturenames", ())
    )
    is_on_both = not item.nodeid.startswith(SQLITE_ONLY) or item.nodeid.startswith(ON_BOTH)
    return bool(uses_database) and is_on_both


def pytest_runtest_setup(item: pytest.Item) -> None:
    for need, (is_there, sentence) in REQUIREMENTS.items():
        if item.get_closest_marker(need) and not is_there():
            if ARE_SERVICES_REQUIRED:
                pytest.fail(sentence, pytrace=False)
            pytest.skip(sentence)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Write the counts of outcomes for ./test, which adds both runs up."""
    if where := os.environ.get("NEWSROOM_TALLY"):
        stats = terminalreporter.stats
        Path(where).write_text(
            json.dumps({kind: len(stats.get(kind, ())) for kind in COUNTED_OUTCOMES})
        )
