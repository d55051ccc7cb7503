"""Chaos test of tests/e2e/test_chaos.py of any length: `python -m bench.chaos --minutes 10 --seed 7`.

Exit status 1 when a promise was broken; what, which blows, and where the logs are, it prints.
"""

import argparse
import os
import random
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from tests.chaos.run import run_chaos  # noqa: E402  # the settings stand now


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.chaos", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10, help="of blows (default 10)")
    parser.add_argument("--rate", type=float, default=20, help="stories a second (default 20)")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="(default: any)")
    asked = parser.parse_args()
    seconds = asked.minutes * 60
    report = run_chaos(
        seed=asked.seed, stories=int(seconds * asked.rate), seconds=seconds, peace=120 + seconds / 2
    )
    print(report)
    sys.exit(bool(report.wrong))


if __name__ == "__main__":
    main()
