"""Files of Prometheus values, written by `pwrite` instead of through a memory map.

prometheus_client maps its files into memory; on a full disk the kernel then ends the process with
SIGBUS at the first write to a page that has no block yet.  Here the same bytes are kept in memory and
written to the file; a write that the disk refuses is repeated when there is room again.
"""

import errno
import os
import struct
import time
from pathlib import Path
from typing import Any

from prometheus_client.mmap_dict import MmapedDict

HEADER_BYTES = 8
INITIAL_BYTES = 1 << 14
RETRY_SECONDS = 5.0


class MetricFile(MmapedDict):
    """The values of one process by key, in the library's format. Not thread safe, like its parent.

    Where the file cannot be written, the values stay in memory until it can.
    """

    def __init__(self, filename: str, read_mode: bool = False) -> None:
        self._fname = filename
        self._descriptor = -1
        self._retry_at = 0.0
        # Whether the file lacks values; it does until it was written once.
        self._is_behind = True
        written = Path(filename).read_bytes() if Path(filename).exists() else b""
        used = struct.unpack_from("i", written)[0] if len(written) >= HEADER_BYTES else 0
        # The library's name for its map.
        self._m: Any = bytearray(max(INITIAL_BYTES, 2 * len(written)))
        self._positions: dict[str, int] = {}
        if HEADER_BYTES <= used <= len(written):
            self._m[:used], self._used = written[:used], used
            for key, _value, _timestamp, position in self._read_all_values():  # type: ignore[no-untyped-call]  # untyped
                self._positions[key] = position
        else:
            self._used = HEADER_BYTES
            struct.pack_into("i", self._m, 0, self._used)
        self._write(0, self._used)

    def _init_value(self, key: str) -> None:
        """Add a value: its bytes first, then the header, so that no reader meets half of one."""
        encoded = key.encode()
        padded = encoded + b" " * (8 - (len(encoded) + 4) % 8)
        value = struct.pack(f"i{len(padded)}sdd", len(encoded), padded, 0.0, 0.0)
        while self._used + len(value) > len(self._m):
            self._m.extend(bytes(len(self._m)))
        start, self._used = self._used, self._used + len(value)
        self._m[start : self._used] = value
        struct.pack_into("i", self._m, 0, self._used)
        self._positions[key] = self._used - 16
        if self._write(start, self._used):
            self._write(0, HEADER_BYTES)

    def write_value(self, key: str, value: float, timestamp: float) -> None:
        if key not in self._positions:
            self._init_value(key)
        position = self._positions[key]
        struct.pack_into("dd", self._m, position, value, timestamp)
        self._write(position, position + 16)

    def close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _write(self, start: int, end: int) -> bool:
        """Write these bytes, or all of the file where it lacks some; whether it is complete now."""
        if self._is_behind and time.monotonic() < self._retry_at:
            return False
        try:
            if self._descriptor < 0:
                flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
                self._descriptor = os.open(self._fname, flags, 0o644)
            if self._is_behind:
                self._write_bytes(HEADER_BYTES, self._used)
                self._write_bytes(0, HEADER_BYTES)
            else:
                self._write_bytes(start, end)
        except OSError:
            self._is_behind, self._retry_at = True, time.monotonic() + RETRY_SECONDS
            return False
        self._is_behind = False
        return True

    def _write_bytes(self, start: int, end: int) -> None:
        written = os.pwrite(self._descriptor, self._m[start:end], start)
        if written != end - start:  # the disk took a part of it
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), self._fname)
