"""Benchmark of the wire's parsers: deliveries a second by format, and a feed of 5 MB with its memory.

    python -m bench.wire_formats

Parses without a database. The feed has to stay under 2 s of processor time, and under 150 MB more than the
process had before.
"""

import resource
import sys
import time
from collections.abc import Callable
from email.message import EmailMessage
from functools import partial
from importlib import import_module
from os import environ
from pathlib import Path

import django

SAMPLES = Path(__file__).resolve().parent.parent / "tests/wire/formats/samples"
FILES = ("newsml_g2_text.xml", "nitf.xml", "ninjs_1.json", "rss.xml", "atom.xml")
FEED_BYTES = 5_000_000
MAX_FEED_SECONDS, MAX_FEED_MEGABYTES = 2.0, 150
SECONDS_FOR_EACH = 1.0
ENTRY = (
    "<item><title>소식 {n}</title><guid>g{n}</guid><pubDate>Thu, 01 Oct 2026 09:00:00 +0900</pubDate>"
    "<content:encoded><![CDATA[{body}]]></content:encoded></item>"
)
PARAGRAPH = (
    "<p>가상시는 <b>강변길</b>을 다시 연다고 밝혔다. 시는 지난여름 큰물에 무너진 둑을 석 달에 걸쳐 고쳤고, "
    "자전거길과 산책길을 나누어 놓았다. 주민 모임은 오래 기다렸다며 반겼다.</p>"
    "<p>공사에는 모두 2천204만원이 들었다. 시 관계자는 “내년 봄까지 나무를 더 심고, 다리 아래에는 쉼터를 "
    "두 곳 만들 것”이라고 말했다. 가상강을 따라 난 길은 모두 12㎞로, 걸어서 세 시간쯤 걸린다.</p>"
)
IPTC = (
    "\x01GAS{n:04d} 3 i 120 x\r\nriver-path\r\n\x02River path reopens\r\n"
    "The city of Gasang has reopened its path along the river, it said on Thursday.\r\n"
    "\x03010900 GMT Oct 26\x04"
)


def deliveries() -> dict[str, bytes]:
    """One delivery of each format."""
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "desk@agency.example", "강변길 다시 연다"
    mail["Message-ID"], mail["Date"] = "<1@agency.example>", "Thu, 01 Oct 2026 09:00:00 +0900"
    mail.set_content("가상시는 강변길을 다시 연다고 밝혔다.\n")
    mail.add_alternative(PARAGRAPH * 3, subtype="html")
    files = {name: (SAMPLES / name).read_bytes() for name in FILES}
    return {**files, "iptc7901": IPTC.format(n=1).encode(), "e-mail": mail.as_bytes()}


def feed_of(size: int) -> bytes:
    """An RSS feed of about so many bytes."""
    head = (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>가상통신</title>'
    )
    entry_bytes = len(ENTRY.format(n=10000, body=PARAGRAPH * 6).encode())
    entries = (ENTRY.format(n=n, body=PARAGRAPH * 6) for n in range(size // entry_bytes))
    return f"{head}{''.join(entries)}</channel></rss>".encode()


def rate(work: Callable[[], object]) -> float:
    """How many times a second the work is done, after one time that is not counted."""
    work()
    done, started = 0, time.process_time()
    while (elapsed := time.process_time() - started) < SECONDS_FOR_EACH:
        work()
        done += 1
    return done / elapsed


def peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    environ.setdefault("SECRET_KEY", "benchmark-" * 6)  # nothing is signed
    django.setup()
    # Models can be imported only after Django's settings.
    payloads = import_module("wire.parsers.payload")
    registry = import_module("wire.parsers.registry")

    def parse(raw: bytes) -> int:
        payload = payloads.Payload(raw)
        return len(registry.find_format(payload, chosen="auto").parse(payload).stories)

    raw = feed_of(FEED_BYTES)
    parse((SAMPLES / "rss.xml").read_bytes())  # imports
    before, began, started = peak_megabytes(), time.perf_counter(), time.process_time()
    stories = parse(raw)
    seconds, megabytes = time.process_time() - started, peak_megabytes() - before
    print(
        f"feed of {len(raw) / 1e6:.1f} MB: {stories} stories, {seconds:.2f} s of processor time "
        f"({time.perf_counter() - began:.2f} s by the clock), {megabytes:.0f} MB"
    )
    for name, delivery in deliveries().items():
        print(f"{name:24} {rate(partial(parse, delivery)):8.0f} deliveries a second")
    return 0 if seconds < MAX_FEED_SECONDS and megabytes < MAX_FEED_MEGABYTES else 1


if __name__ == "__main__":
    sys.exit(main())
