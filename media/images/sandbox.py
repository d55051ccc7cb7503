"""Image decoding in a child process, with limits of time and memory and a low priority.

Decoders are C code that reads any uploaded file: a crash, an endless loop or a gigabyte of memory ends
the child process, not the worker that publishes stories, whose interpreter lock stays free.

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
MAX_CPU_SECONDS = 60  # less than the timeout: on a busy machine they take longer
MAX_MEMORY_BYTES = 1536 * 1024 * 1024  # of addresses; 60 megapixels of WebP with alpha take 1.1 GB
NICENESS = 5
RESULT_FILE_NAME = "result.json"
PROJECT_FOLDER = Path(__file__).resolve().parent.parent.parent
# Environment variables that the child inherits; no secrets.
INHERITED_VARIABLES = ("PATH", "LD_LIBRARY_PATH", "PYTHONHOME", "PYTHONPATH", "PYTHONPYCACHEPREFIX")


class DecoderCrashed(Exception):
    """The child process ended without a result: killed, timed out, or an error of a library."""


def make_renditions_in_child(original: Path, folder: Path) -> Renditions:
    """Make the renditions of a file in a child process; `folder` is an empty folder for the results.

    Raises UnfitImage, DecoderCrashed.
    """
    command = [sys.executable, "-m", "media.images.sandbox", str(original), str(folder)]
    environment = {name: os.environ[name] for name in INHERITED_VARIABLES if name in os.environ}
    try:
        completed = subprocess.run(  # noqa: S603 -- our own module, and paths made by us
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
    if completed.returncode:
        last_line = completed.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise DecoderCrashed(f"status {completed.returncode}: {last_line}")
    return read_result(folder)


def read_result(folder: Path) -> Renditions:
    """The renditions that the child process wrote. Raises UnfitImage for a refusal."""
    result = json.loads((folder / RESULT_FILE_NAME).read_text())
    if "refused" in result:
        raise UnfitImage(result["refused"])
    files = [
        RenditionFile(**file, data=(folder / file["name"]).read_bytes()) for file in result["files"]
    ]
    return Renditions(result["width"], result["height"], files, result["placeholder"])


def main(original: str, folder: str) -> None:
    """Entry point of the child process."""
    limit_resources()
    try:
        with Path(original).open("rb") as file:
            result = write_renditions_to(Path(folder), make_renditions(file))
    except UnfitImage as unfit:
        result = {"refused": unfit.code}
    except MemoryError:
        result = {"refused": CANNOT_DECODE}
    (Path(folder) / RESULT_FILE_NAME).write_text(json.dumps(result))


def limit_resources() -> None:
    """Lower the priority of this process and limit its memory and processor time."""
    os.nice(NICENESS)
    with contextlib.suppress(OSError):  # the kernel kills this process first when memory runs out
        Path("/proc/self/oom_score_adj").write_text("1000")
    for kind, limit in (
        (resource.RLIMIT_AS, MAX_MEMORY_BYTES),
        (resource.RLIMIT_CPU, MAX_CPU_SECONDS),
        (resource.RLIMIT_CORE, 0),
    ):
        _soft, hard = resource.getrlimit(kind)
        with contextlib.suppress(ValueError):  # the hard limit is lower
            resource.setrlimit(kind, (limit, hard))


def write_renditions_to(folder: Path, renditions: Renditions) -> dict[str, Any]:
    """Write the rendition files; returns what `read_result` needs besides."""
    files = []
    for file in renditions.files:
        (folder / file.name).write_bytes(file.data)
        entry = asdict(file)
        del entry["data"]
        files.append(entry)
    return {
        "width": renditions.width,
        "height": renditions.height,
        "placeholder": renditions.placeholder,
        "files": files,
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
