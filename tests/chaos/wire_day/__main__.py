"""Replay of a day of agency copy: `python -m tests.chaos.wire_day --deliveries 20000`.

The day is filed in order by one process, and once more with every delivery sent twice, in disorder, by
workers that are killed again and again. Exit status 1 when the two ends differ; what, it prints.
"""

import argparse
import sys
import time

from tests.chaos.wire_day.run import replay_day


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.wire_day", description=__doc__)
    parser.add_argument(
        "--deliveries", type=int, default=20_000, help="of the day (default 20,000)"
    )
    parser.add_argument("--workers", type=int, default=4, help="(default 4)")
    parser.add_argument("--seed", type=int, default=20261114, help="of the day and of the kills")
    parser.add_argument(
        "--followed", type=int, default=120, help="stories with a draft (default 120)"
    )
    parser.add_argument(
        "--statements", type=int, default=1500, help="of a worker until it is killed, on average"
    )
    asked = vars(parser.parse_args())
    began = time.monotonic()
    report = replay_day(**asked)
    print(report)
    print(f"{time.monotonic() - began:.0f} s")
    return int(bool(report.wrong))


if __name__ == "__main__":
    sys.exit(main())
