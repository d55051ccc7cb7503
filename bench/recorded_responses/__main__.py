"""Command line of the recorded responses: `python -m bench.recorded_responses record|compare FILE`."""

import argparse
import sys
import tempfile
from pathlib import Path

from bench.recorded_responses.comparison import compare_recordings, describe
from bench.recorded_responses.environment import record_in_clean_environment


def main() -> int:
    arguments = parse_arguments()
    if arguments.command == "record":
        record_in_clean_environment(arguments.file)
        print(describe(arguments.file))
        return 0
    if arguments.other:
        return compare_recordings(arguments.file, arguments.other)
    with tempfile.TemporaryDirectory(prefix="recorded-") as folder:
        other = Path(folder) / "now.json"
        record_in_clean_environment(other)
        return compare_recordings(arguments.file, other)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.recorded_responses",
        description="Record the responses of the demo newsroom, or compare two recordings.",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    record = commands.add_parser("record", help="Record the responses of this checkout.")
    record.add_argument("file", type=Path, help="the file to write")
    compare = commands.add_parser("compare", help="Exit status 1 where a response differs.")
    compare.add_argument("file", type=Path, help="the recording from before")
    compare.add_argument(
        "other", type=Path, nargs="?", help="the recording from after; without, this checkout's"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
