"""Bounded random access to the head of an uploaded file. Pure."""

import struct
from typing import IO

from media.images.limits import UnfitImage

MAX_READS = 20_000
MAX_READ_BYTES = 1024 * 1024


class TooManyReads(UnfitImage):
    """The budget is spent: whatever this is, its head is not that of a photo."""


class BoundedReader:
    """Random access to a file, within a budget of reads. Raises UnfitImage beyond it and beyond the end."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.reads = 0
        self.size = file.seek(0, 2)

    def at(self, offset: int, length: int) -> bytes:
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
        return struct.unpack(layout, self.at(offset, struct.calcsize(layout)))
