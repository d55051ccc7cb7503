"""Image decoding in a child process, with limits of time and memory and a low priority.

Decoders are C code that reads whatever somebody uploads: a crash, an endless loop or a gigabyte of memory
ends the child, not the worker that publishes stories, and its interpreter lock and processor stay free.

`python -m media.images.sandbox FILE FOLDER` is the child: it writes the renditions and `result.json`.
"""

import contextlib
import json
import os
import resource
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from media.images.limits import CANNOT_DECODE, UnfitImage
from media.images.renditions import RenditionFile, Renditions, make_renditions

DECODE_TIMEOUT_SECONDS = 120
MAX_CPU_SECONDS = 60  # a machine that is busy otherwise takes longer than that for them
MAX_MEMORY_BYTES = 1536 * 1024 * 1024  # of addresses; 60 megapixels of WebP with alpha take 1.1 GB
NICENESS = 5
RESULT_FILE_NAME = "result.json"
PROJECT_FOLDER = Path(__file__).resolve().parent.parent.parent
# What a child may know of our environment: nothing secret.
INHERITED_VARIABLES = ("PATH", "LD_LIBRARY_PATH", "PYTHONHOME", "PYTHONPATH", "PYTHONPYCACHEPREFIX")


class DecoderCrashed(Exception):
    """The child ended without a result: killed, out of time, or a fault of a library."""


def make_renditions_in_child(original: Path, folder: Path) -> Renditions:
    """The renditions of a file, made by a child process in an empty folder.

    Raises what `develop` raises, DecoderCrashed.
    """
    command = [sys.executable, "-m", "media.images.sandbox", str(original), str(folder)]
    environment = {name: os.environ[name] for name in INHERITED_VARIABLES if name in os.environ}
    try:
        done = subprocess.run(  # noqa: S603 -- our own program, and paths that we made
            command,
            cwd=PROJECT_FOLDER,
            env=environment | {"MALLOC_ARENA_MAX": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=DECODE_TIMEOUT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise DecoderCrashed(f"no result within {DECODE_TIMEOUT_SECONDS} s") from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise DecoderCrashed(f"status {done.returncode}: {said}")
    return read_result(folder)


def read_result(folder: Path) -> Renditions:
    result = json.loads((folder / RESULT_FILE_NAME).read_text())
    if "refused" in result:
        raise UnfitImage(result["refused"])
    files = [
        RenditionFile(**file, data=(folder / file["name"]).read_bytes()) for file in result["files"]
    ]
    return Renditions(result["width"], result["height"], files, result["placeholder"])


def main(original: str, folder: str) -> None:
    """The child."""
    limit_resources()
    try:
        with Path(original).open("rb") as file:
            result = write_renditions_to(make_renditions(file), Path(folder))
    except UnfitImage as unfit:
        result = {"refused": unfit.code}
    except MemoryError:
        result = {"refused": CANNOT_DECODE}
    (Path(folder) / RESULT_FILE_NAME).write_text(json.dumps(result))


def limit_resources() -> None:
    os.nice(NICENESS)
    with contextlib.suppress(OSError):  # where memory runs out, the kernel ends this process first
        Path("/proc/self/oom_score_adj").write_text("1000")
    for what, most in (
        (resource.RLIMIT_AS, MAX_MEMORY_BYTES),
        (resource.RLIMIT_CPU, MAX_CPU_SECONDS),
        (resource.RLIMIT_CORE, 0),
    ):
        _soft, hard = resource.getrlimit(what)
        with contextlib.suppress(ValueError):  # the machine's own limit is lower
            resource.setrlimit(what, (most, hard))


def write_renditions_to(picture: Renditions, folder: Path) -> dict[str, Any]:
    files = []
    for made in picture.files:
        (folder / made.name).write_bytes(made.data)
        entry = asdict(made)
        del entry["data"]
        files.append(entry)
    return {
        "width": picture.width,
        "height": picture.height,
        "placeholder": picture.placeholder,
        "files": files,
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
