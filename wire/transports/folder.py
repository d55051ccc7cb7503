"""Files of a watched folder: which are complete, their bytes, and moving them. No database.

Links are never followed, and nothing but a plain file is opened. A file is moved within its folder, to
`done` or `failed`; nothing is ever deleted but the mark `NAME.done` of a file that was taken in.
"""

import contextlib
import errno
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from wire.channel_errors import BadFile, FetchFailed

DONE, FAILED = "done", "failed"
DONE_MARK, REASON_SUFFIX = ".done", ".reason.txt"
# What FTP servers and clients call a file that is still arriving.
UNFINISHED_SUFFIXES = (".part", ".partial", ".filepart", ".tmp", ".temp", ".crdownload", DONE_MARK)
MAX_FILES_LISTED = 10_000

Observed = dict[str, list[float]]  # name: [size, mtime in ns, first seen so, seconds since 1970]


@dataclass(frozen=True)
class DroppedFile:
    """A file, or what lies there in its place, as it was when the folder was listed."""

    path: Path
    mode: int
    size: int
    mtime_ns: int
    inode: int

    @property
    def name(self) -> str:
        return self.path.name


def list_folder(folder: Path) -> list[DroppedFile]:
    """What lies in the folder, the oldest first, at most 10,000; without hidden files, folders, and files
    that are still arriving by their names. Raises FetchFailed."""
    found = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                is_ours = entry.name in {DONE, FAILED}
                if (
                    is_ours
                    or entry.name.startswith(".")
                    or entry.name.endswith(UNFINISHED_SUFFIXES)
                ):
                    continue
                with contextlib.suppress(FileNotFoundError):  # moved meanwhile
                    found += described(Path(entry.path))
                if len(found) >= MAX_FILES_LISTED:
                    break
    except FileNotFoundError as error:
        raise FetchFailed(_("There is no folder %(folder)s.") % {"folder": folder}) from error
    except OSError as error:
        raise FetchFailed(
            _("The folder %(folder)s cannot be read: %(why)s")
            % {"folder": folder, "why": error.strerror}
        ) from error
    return sorted(found, key=lambda file: (file.mtime_ns, file.name))


def described(path: Path) -> list[DroppedFile]:
    """The file, unless it is a folder. Raises FileNotFoundError."""
    found = path.lstat()
    if stat.S_ISDIR(found.st_mode):
        return []
    return [DroppedFile(path, found.st_mode, found.st_size, found.st_mtime_ns, found.st_ino)]


def is_marked_done(file: DroppedFile) -> bool:
    """Whether a file has its completion mark `NAME.done`."""
    return os.path.lexists(f"{file.path}{DONE_MARK}")


def observe(
    files: list[DroppedFile], observed: Mapping[str, list[float]], *, now: float
) -> Observed:
    """What was seen of each file, and since when it has looked so."""
    found: Observed = {}
    for file in files:
        before = list(observed.get(file.name, ()))
        is_unchanged = len(before) == 3 and before[:2] == [file.size, file.mtime_ns]
        # A clock that was ahead must not keep a file for ever.
        since = min(before[2], now) if is_unchanged else now
        found[file.name] = [file.size, file.mtime_ns, since]
    return found


def read_file(file: DroppedFile, *, max_bytes: int) -> bytes:
    """The bytes of a complete file. Raises BadFile with the reason."""
    if stat.S_ISLNK(file.mode):
        raise BadFile(_("This is a link, not a file. Links are not followed."))
    if not stat.S_ISREG(file.mode):
        raise BadFile(_("This is not a plain file."))
    if file.size == 0:
        raise BadFile(_("The file is empty."))
    if file.size > max_bytes:
        raise BadFile(_("The file is larger than %(limit)s bytes.") % {"limit": max_bytes})
    try:
        # O_NONBLOCK: a pipe put in its place meanwhile would be waited for.
        handle = os.open(file.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as opened:
            raw = opened.read(max_bytes + 1)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise BadFile(_("This is a link, not a file. Links are not followed.")) from error
        raise BadFile(_("The file cannot be read: %(why)s") % {"why": error.strerror}) from error
    if len(raw) > max_bytes:
        raise BadFile(_("The file is larger than %(limit)s bytes.") % {"limit": max_bytes})
    if not raw.strip():
        raise BadFile(_("The file is empty."))
    return raw


def is_unchanged(file: DroppedFile) -> bool:
    """Whether the file is still the one that was listed."""
    try:
        return described(file.path) == [file]
    except FileNotFoundError:
        return False


def move_done(file: DroppedFile) -> None:
    """Move a stored file to `done`, if it is still the one that was read; else it is the next run's.

    The mark goes first: were it left behind, the next file of this name would count as complete at once.
    Raises FetchFailed.
    """
    with refusing_os_errors(file):
        Path(f"{file.path}{DONE_MARK}").unlink(missing_ok=True)
        if is_unchanged(file):
            file.path.rename(free_path(file.path.parent / DONE, file.name))


def move_failed(file: DroppedFile, reason: str) -> None:
    """Move a file to `failed` and write the reason to NAME.reason.txt. Raises FetchFailed."""
    with refusing_os_errors(file):
        Path(f"{file.path}{DONE_MARK}").unlink(missing_ok=True)
        if is_unchanged(file):
            target = free_path(file.path.parent / FAILED, file.name)
            Path(f"{target}{REASON_SUFFIX}").write_text(f"{reason}\n", encoding="utf-8")
            file.path.rename(target)


def free_path(folder: Path, name: str) -> Path:
    """A path in the folder, which is made, that no file has: NAME, NAME.2, NAME.3."""
    folder.mkdir(exist_ok=True)
    path, number = folder / name, 1
    while os.path.lexists(path):
        number += 1
        path = folder / f"{name}.{number}"
    return path


@contextlib.contextmanager
def refusing_os_errors(file: DroppedFile) -> Iterator[None]:
    """Turn an OSError of moving into FetchFailed."""
    try:
        yield
    except OSError as error:
        raise FetchFailed(
            _("%(name)s is stored, but cannot be moved: %(why)s")
            % {"name": file.name, "why": error.strerror}
        ) from error
