"""Recording process, with fixed random numbers and a fixed clock from before Django is imported."""

import sys
from importlib import import_module
from pathlib import Path

import time_machine

from bench.recorded_responses.environment import STARTED_AT
from bench.recorded_responses.fixed_randomness import fix_randomness


def main(file: Path) -> None:
    fix_randomness()
    with time_machine.travel(STARTED_AT, tick=False) as clock:
        recorder = import_module("bench.recorded_responses.recorder")
        file.write_text(recorder.record_demo(clock), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
