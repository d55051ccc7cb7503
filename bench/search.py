"""Benchmark of search: latency, recall and precision (`--articles 100000 --database postgres`).

Asks a newsroom with so many stories (bench/load/articles.py) a mix of questions through the API's
view, first
page and the next, and prints waiting times, of suggestions as well; then compares what it finds with
the sentences themselves (bench/drivers/search_queries.py).  Writes no file.
"""

import argparse

from bench.drivers.newsrooms import add_newsroom_arguments, filled_newsroom, run_python


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.search", description=__doc__)
    add_newsroom_arguments(parser)
    parser.add_argument("--rounds", type=int, default=10, help="of each question (default 10)")
    asked = parser.parse_args()
    with filled_newsroom(asked) as environment:
        run_python(environment, "-m", "bench.drivers.search_queries", asked.rounds)


if __name__ == "__main__":
    main()
