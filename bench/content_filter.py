"""Benchmark of the content filter: processor time of screening 5,000 characters, whatever they are.

Prints a Markdown table: each text, the median and the fastest of the rounds, the findings. The exit status
is 1 if the fastest round of a text takes longer than the bound. Processor time, so that the load of the
machine matters less.
"""

import argparse
import random
import statistics
import sys
import time

from comments.content_filter import Word, compile_words, find_words, screen_text
from comments.content_filter.lexicon import DEFAULT_WORDS

LENGTH = 5_000
BOUND_MS = 5.0
ROUNDS = 15


def hostile_texts(length: int = LENGTH) -> dict[str, str]:
    """Texts that cost much by their kind: near matches, repetitions, rare characters, mixed scripts."""
    chance = random.Random(7)

    def syllables(count: int) -> str:
        return "".join(chr(chance.randint(0xAC00, 0xD7A3)) for _ in range(count))

    def repeated(text: str) -> str:
        return (text * length)[:length]

    letters = "시발바보ㅅㅂtlqkf18 ."
    near = ["시발전", "역시발", "김바보험", "12시발 ", "꽃병신"]
    rare = (chr(n) for n in iter(lambda: chance.randint(0x100, 0x2FFFF), 0))
    return {
        "random syllables": syllables(length),
        "one syllable": repeated("시"),
        "near matches": "".join(chance.choice(near) + syllables(1) for _ in range(length))[:length],
        "one near match": repeated("다시발표"),
        "innocent words": repeated("시발점 바보온달 "),
        "digits between": repeated("바1"),
        "split jamo": repeated("ㅅㅣ"),
        "initials": repeated("ㅂㅅㄱ"),
        "Latin letters": repeated("a"),
        "Latin between": repeated("가a"),
        "keys": repeated("tl"),
        "mixed": "".join(chance.choice(letters) for _ in range(length)),
        "rare characters": "".join(
            c for c, _ in zip(rare, range(length), strict=False) if not "\ud800" <= c <= "\udfff"
        ),
        "mathematical letters": repeated("𝓈𝒾𝒷"),
        "one character that is eighteen": repeated("\ufdfa"),
        "combining marks": repeated("시\u0301\u0302"),
        "decomposed": repeated("\u1109\u1175\u1107\u1161\u11af\u1100\u1161"),
        "zero width": repeated("시\u200b"),
        "found words": repeated("시발 "),
        "spaces": repeated("시 "),
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.content_filter", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    rounds = parser.parse_args().rounds
    print("| 5,000 characters | median ms | fastest ms | findings |\n|---|---:|---:|---:|")
    slowest = 0.0
    for name, text in hostile_texts().items():
        times = []
        for _round in range(rounds):
            start = time.process_time()
            screen_text(text)
            times.append((time.process_time() - start) * 1000)
        slowest = max(slowest, min(times))
        row = f"| {name} | {statistics.median(times):.2f} | {min(times):.2f} |"
        print(f"{row} {len(find_words(text))} |", flush=True)
    start = time.process_time()
    compile_words([*DEFAULT_WORDS, Word("새말")])
    print(f"\nCompiling {len(DEFAULT_WORDS)} words: {(time.process_time() - start) * 1000:.0f} ms")
    return 0 if slowest <= BOUND_MS else 1


if __name__ == "__main__":
    sys.exit(main())
