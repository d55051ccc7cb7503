"""Driver of `bench.desk_versions`: `python -m bench.drivers.version_requests VERSIONS KILOBYTES ROUNDS`."""

import random
import sys
import time
from collections.abc import Callable
from typing import Any

if __name__ == "__main__":
    # Set up as the web server is, whose loaded modules the garbage collector leaves alone.
    import newsroom.wsgi  # noqa: F401

from django.db import connection  # the settings stand now
from django.test import Client
from django.test.utils import setup_test_environment
from django.urls import reverse

from bench.drivers.report import describe_load, describe_machine
from desk.actions import edit
from desk.models import Draft
from tests.support import make

TABLE_HEAD = (
    "| request | versions | queries | p50 ms | p95 ms |",
    "|---|--:|--:|--:|--:|",
)
WORDS = (
    *("로봇이", "계단을", "천천히", "올라", "문", "앞에", "섰고", "사람은", "뒤에서", "숫자를"),
    *("적었다", "다음", "시험은", "밤에", "한다"),
)


def body_of(kilobytes: int, seed: int) -> str:
    """A body of about so many kilobytes; the seed changes one word in ten paragraphs."""
    chosen, other = random.Random(1), random.Random(seed)
    paragraphs = [" ".join(chosen.choices(WORDS, k=40)) for _ in range(kilobytes * 1000 // 400)]
    for place in other.sample(range(len(paragraphs)), min(10, len(paragraphs))):
        paragraphs[place] = paragraphs[place].replace("로봇이", f"로봇{seed}이", 1)
    return "".join(f"<p>{text}.</p>" for text in paragraphs)


def draft_with_versions(versions: int, kilobytes: int) -> Draft:
    draft = make.draft(headline="오래 고친 원고", body=body_of(kilobytes, 0))
    for number in range(1, versions):
        draft = edit(draft, by=make.ben(), body=body_of(kilobytes, number))
    return draft


def requests_of(
    client: Client, draft: Draft, kilobytes: int
) -> dict[str, Callable[[], Callable[[], Any]]]:
    """{name: function that prepares a request, and returns the function that sends it}."""
    page = reverse("admin:desk_draft_change", args=[draft.pk])
    versions = reverse("admin:desk_draft_versions", args=[draft.pk])
    api = f"/api/v1/desk/drafts/{draft.pk}/versions/"
    seeds = iter(range(10_000, 1_000_000))

    def form(**fields: Any) -> dict[str, Any]:
        version = Draft.objects.values_list("version", flat=True).get(pk=draft.pk)
        shown = client.get(page).context["adminform"].form
        data = {field.name: field.value() for field in shown}
        data = {name: value for name, value in data.items() if value not in (None, [])}
        for name in ("authors", "related"):
            data[name] = [getattr(row, "pk", row) for row in data.get(name, [])]
        return data | {"version": version, "_continue": "1"} | fields

    def post(address: str) -> Callable[[], Any]:
        data = form(body=body_of(kilobytes, next(seeds)))
        return lambda: client.post(address, data)

    def get(address: str) -> Callable[[], Any]:
        return lambda: client.get(address)

    autosave = reverse("admin:desk_draft_autosave", args=[draft.pk])
    return {
        "open the story": lambda: get(page),
        "save the story": lambda: post(page),
        "autosave": lambda: post(autosave),
        "list of versions": lambda: get(versions),
        "diff, first and last": lambda: get(f"{versions}diff/?from=1&to={draft.version}"),
        "API: list": lambda: get(api),
        "API: diff, first and last": lambda: get(f"{api}1/diff/?to={draft.version}"),
    }


def timed(prepare: Callable[[], Callable[[], Any]]) -> float:
    """Milliseconds of one request; the form of a POST is read before."""
    request = prepare()
    began = time.perf_counter()
    response = request()
    if response.status_code not in {200, 302}:
        raise SystemExit(f"{response.status_code}: {response.content.decode()[:300]}")
    return (time.perf_counter() - began) * 1000


def quantile(times: list[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


def count_queries(prepare: Callable[[], Callable[[], Any]]) -> int:
    """Queries of a request."""
    count, request = [0], prepare()

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        count[0] += 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        request()
    return count[0]


def main(versions: int, kilobytes: int, rounds: int) -> None:
    setup_test_environment()  # keeps the form of a page in its response
    client = Client()
    make.reference_rows()
    client.force_login(make.ben())
    drafts = [draft_with_versions(2, kilobytes), draft_with_versions(versions, kilobytes)]
    print("\n".join(TABLE_HEAD), flush=True)
    both = [requests_of(client, draft, kilobytes) for draft in drafts]
    for name in both[0]:
        for requests, draft in zip(both, drafts, strict=True):
            prepare = requests[name]
            queries = count_queries(prepare)
            times = [timed(prepare) for _ in range(rounds)]
            print(
                f"| {name} | {draft.version} | {queries} | {quantile(times, 0.5):.0f} "
                f"| {quantile(times, 0.95):.0f} |",
                flush=True,
            )
    print(
        f"\n{describe_machine()}, {connection.vendor}. A body of {kilobytes} kB. {describe_load()}"
    )
    options = f"--versions {versions} --kilobytes {kilobytes} --rounds {rounds}"
    print(f"To measure again: `python -m bench.desk_versions {options}`.")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
