"""Phases before and after the crowd, each in a process: `python -m tests.chaos.community.phases NAME …`."""

import sys
from collections.abc import Callable

import django

django.setup()

from django.core.management import call_command  # noqa: E402  # the settings stand now

from tests.chaos.community.newsroom import prepare_crowd  # noqa: E402
from tests.chaos.community.outcome import summary, violations  # noqa: E402


def prepare(readers: str, stories: str) -> int:
    call_command("migrate", verbosity=0)
    prepare_crowd(readers=int(readers), stories=int(stories))
    return 0


def compare() -> int:
    """Print what is there and what is wrong; 1 where something is."""
    print(summary())
    wrong = list(violations())
    print("\n".join(wrong[:60]) or "all counts equal their rows")
    call_command("reconcile", check=True)
    return int(bool(wrong))


if __name__ == "__main__":
    name, *arguments = sys.argv[1:]
    phases: dict[str, Callable[..., int]] = {"prepare": prepare, "compare": compare}
    sys.exit(phases[name](*arguments))
