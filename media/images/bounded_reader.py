"""Bounded reader: random access to a file within a limit of reads. Pure."""

import struct
from typing import IO

from media.images.limits import UnfitImage

MAX_READS = 20_000
MAX_READ_BYTES = 1024 * 1024


class TooManyReads(UnfitImage):
    """More than MAX_READS reads: the header is not that of a photo."""


class BoundedReader:
    """Random access to a file. Raises UnfitImage beyond MAX_READS, MAX_READ_BYTES or the end."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.reads = 0
        self.size = file.seek(0, 2)

    def read_at(self, offset: int, length: int) -> bytes:
        """Exactly `length` bytes from `offset`."""
        self.reads += 1
        if self.reads > MAX_READS:
            raise TooManyReads
        if length > MAX_READ_BYTES or offset + length > self.size:
            raise UnfitImage
        self.file.seek(offset)
        data = self.file.read(length)
        if len(data) != length:
            raise UnfitImage
        return data

    def unpack(self, layout: str, offset: int) -> tuple[int, ...]:
        """The numbers at `offset` in a layout of the struct module."""
        return struct.unpack(layout, self.read_at(offset, struct.calcsize(layout)))
