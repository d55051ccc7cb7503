"""Benchmark of photo uploads: three large photos at once, beside a reader and due stories.

Real processes as ./run starts them, on SQLite.  Each photo is a PNG of 4000 × 3000 pixels with 16 bits a
channel and transparency, of about 24 MB.  Told are the waits of a reader on one connection meanwhile and
afterwards, how late the stories due meanwhile are seen, (p50 / longest), and after how many seconds
the uploads are answered and the photos ready.
Writes no file.
"""

import argparse
import http.client
import json
import os
import struct
import tempfile
import threading
import time
import zlib
from contextlib import ExitStack
from pathlib import Path

from bench.drivers.report import describe_load, describe_machine
from bench.lag import BackgroundReader, MeasuredNewsroom, quantile, wait_until_seen
from tests.chaos.http_client import KeepAliveClient
from tests.chaos.newsroom import embedded_newsroom, web_server_command

WEB_THREADS = 2
WIDTH, HEIGHT = 4000, 3000
BASELINE_SECONDS = 8
NOISY_ROWS = 4  # one of so many rows is noise, which does not shrink
BOUNDARY = "photo-uploads"
PATIENCE_SECONDS = 180
TABLE_HEAD = (
    "| uploads | stage | reads | p50 ms | p99 ms | longest ms | answered s | ready s | stories late s |",
    "|--:|---|--:|--:|--:|--:|--:|--:|--:|",
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.photo_uploads", description=__doc__)
    parser.add_argument("--uploads", type=int, default=3, help="at once (default 3)")
    parser.add_argument("--stories", type=int, default=60, help="due in a minute (default 60)")
    asked = parser.parse_args()
    body = multipart_body(large_png())
    with ExitStack() as stack:
        newsroom = running_newsroom(stack, stories=asked.stories)
        print("\n".join(TABLE_HEAD), flush=True)
        print("\n".join(measure_uploads(newsroom, body, uploads=asked.uploads)))
    print(f"\n{describe_machine()}. {len(body) / 1e6:.0f} MB each. {describe_load()}")


def running_newsroom(stack: ExitStack, *, stories: int) -> MeasuredNewsroom:
    """Start the embedded newsroom as ./run does, with two web threads."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="newsroom-photos-")))
    running = stack.enter_context(embedded_newsroom(folder))
    running.add_process("web", web_server_command(running, processes=1, threads=WEB_THREADS))
    spec = folder / "spec.json"
    params = {"shown": 20, "planned": stories, "over": 60, "seed": 1}
    spec.write_text(json.dumps(params))
    running.manage("-m", "bench.drivers.lag_stories", str(spec))
    running.open()
    running.wait_for_web(within=PATIENCE_SECONDS)
    return MeasuredNewsroom(running, json.loads(spec.read_text()))


def measure_uploads(newsroom: MeasuredNewsroom, body: bytes, *, uploads: int) -> list[str]:
    (first, due), *_rest = newsroom.made["planned"]
    wait_until_seen(
        KeepAliveClient(newsroom.port), first, due
    )  # from here on the worker is at work
    lags: list[float] = []
    watch = threading.Thread(target=watch_due_stories, args=(newsroom, lags, time.time()))
    watch.start()
    reader = BackgroundReader(newsroom.port, newsroom.made["shown"])
    reader.start()
    began = time.time()
    editors = [PhotoUpload(newsroom, body) for _ in range(uploads)]
    for editor in editors:
        editor.start()
    for editor in editors:
        editor.join(PATIENCE_SECONDS)
    ended = max((editor.ready for editor in editors), default=time.time())
    watch.join(PATIENCE_SECONDS)
    answered = max((editor.answered for editor in editors), default=began)
    alone = time.time()
    time.sleep(BASELINE_SECONDS)
    reader.over.set()
    reader.join()
    seconds = (
        f"{answered - began:.1f}",
        f"{ended - began:.1f}",
        f"{quantile(sorted(lags), 0.5):.2f} / {max(lags):.2f}",
    )
    return [
        table_row(uploads, "meanwhile", reader.waits(since=began, until=ended), *seconds),
        table_row(uploads, "afterwards", reader.waits(since=alone, until=time.time()), "", "", ""),
    ]


def table_row(uploads: int, stage: str, waits: list[float], *more: str) -> str:
    figures = [f"{quantile(waits, share) * 1000:.0f}" for share in (0.5, 0.99, 1.0)]
    return f"| {uploads} | {stage} | {len(waits):,} | {' | '.join([*figures, *more])} |"


def watch_due_stories(newsroom: MeasuredNewsroom, lags: list[float], since: float) -> None:
    """Append the lag of each story that is due from now on."""
    client = KeepAliveClient(newsroom.port)
    for slug, due in newsroom.made["planned"]:
        if due > since:
            lags.append(wait_until_seen(client, slug, due) - due)


class PhotoUpload(threading.Thread):
    """Thread of one editor: uploads the photo and polls until it is processed."""

    def __init__(self, newsroom: MeasuredNewsroom, body: bytes) -> None:
        super().__init__(daemon=True)
        self.port, self.token, self.body = newsroom.port, newsroom.made["token"], body
        self.answered = self.ready = 0.0

    def run(self) -> None:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
        }
        line.request("POST", "/api/v1/desk/photos/", self.body, headers)
        answer = line.getresponse()
        response = json.loads(answer.read())
        if answer.status != 201:
            raise SystemExit(f"The upload was refused: {response}")
        self.answered = time.time()
        client = KeepAliveClient(self.port, token=self.token)
        # An older newsroom, which decodes before it answers, tells no state.
        while response.get("state", "ready") == "processing":
            time.sleep(0.2)
            response = client.ask("GET", f"/api/v1/desk/photos/{response['id']}/").data
        if response.get("state") == "failed":
            raise SystemExit(f"The photo was not read: {response['failure']}")
        self.ready = time.time()


def multipart_body(photo: bytes) -> bytes:
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="alt"\r\n\r\nbench\r\n'
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n'
        "Content-Type: image/png\r\n\r\n"
    )
    return head.encode() + photo + f"\r\n--{BOUNDARY}--\r\n".encode()


def large_png() -> bytes:
    """A PNG with RGBA of 16 bits a channel (PNG 1.3, 11.2.2: colour type 6)."""
    packer, packed = zlib.compressobj(1), []
    plain = bytes(range(256)) * (WIDTH * 8 // 256)
    for number in range(HEIGHT):
        noisy = number % NOISY_ROWS == 0
        packed.append(packer.compress(b"\0" + (os.urandom(WIDTH * 8) if noisy else plain)))
    packed.append(packer.flush())
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 16, 6, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", b"".join(packed)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )


if __name__ == "__main__":
    main()
