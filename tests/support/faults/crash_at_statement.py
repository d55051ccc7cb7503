"""A worker that dies right before its N-th statement: `python -m tests.support.faults.crash_at_statement`,
orders on its input.

It reads lines `N ORDER NUMBER`, forks, and lets the child do as it is told until the child is about to
send its N-th statement to the database; then the child gets SIGKILL. COMMIT counts as one, and so
does what comes after it. Answers `killed`, `finished`, or `failed` where the child ended badly.
"""

import contextlib
import os
import sys
from collections.abc import Callable
from typing import Any, cast

import django

django.setup()

from django.core.management import call_command, load_command_class  # noqa: E402  # the settings stand now
from django.db import connection  # noqa: E402

from accounts.models import User  # noqa: E402
from articles.models import Article  # noqa: E402
from desk.actions import withdraw  # noqa: E402
from desk.errors import Withdrawn  # noqa: E402
from tests.support.faults.kill_before_statement import KillBeforeStatement  # noqa: E402

# Loaded here once, not in each child.
PUBLISH_DUE = load_command_class("desk", "publish_due")


def publish_due(_number: int) -> None:
    """Publish what is due, as the periodic task does."""
    call_command(PUBLISH_DUE, verbosity=0, stdout=sys.stderr)  # the answers are the parent's


def withdraw_article(number: int) -> None:
    editor = User.objects.get(email="ben@example.com")
    with contextlib.suppress(Withdrawn):  # a former one did it
        withdraw(Article.objects.get(pk=number), notice="시험으로 내렸습니다.", by=editor)


ACTIONS = {"publish_due": publish_due, "withdraw": withdraw_article}


def run_until_killed(order: Callable[[int], None], number: int, *, last: int) -> None:
    """Run an action with every statement and COMMIT counted."""
    killer, database = (
        KillBeforeStatement(last),
        cast("Any", connection),
    )  # Django offers no wrapper for COMMIT
    commit = database._commit

    def counted_commit() -> None:
        killer.step()
        commit()

    database._commit = counted_commit
    with connection.execute_wrapper(killer.wrap_execute):
        order(number)


def run_order(line: str) -> str:
    last, order, number = line.split()
    child = os.fork()
    if child == 0:
        sys.stdout = sys.stderr  # the answers are the parent's
        run_until_killed(ACTIONS[order], int(number), last=int(last))
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return "killed"
    return "finished" if os.WEXITSTATUS(status) == 0 else "failed"


if __name__ == "__main__":
    for line in sys.stdin:
        print(run_order(line), flush=True)
