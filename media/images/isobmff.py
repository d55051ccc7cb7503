"""Image items in ISO base media files: HEIF (ISO/IEC 23008-12) and AVIF. Pure."""

import struct
from collections.abc import Iterator

from media.images.limits import UnfitImage
from media.images.scanner import MAX_READS, BoundedReader


def read_primary_item_size(scanner: BoundedReader, start: int, end: int) -> tuple[int, int, int]:
    """Width, height and quarter turns of the primary item of a `meta` box."""
    item = find_box(scanner, b"pitm", start, end)
    is_long = scanner.at(item[0], 1) != b"\0"
    (primary,) = scanner.unpack(">I" if is_long else ">H", item[0] + 4)
    properties = find_box(scanner, b"iprp", start, end)
    container = find_box(scanner, b"ipco", *properties)
    known = list(iter_boxes(scanner, *container))
    width = height = quarters = 0
    for number in associated_properties(scanner, find_box(scanner, b"ipma", *properties), primary):
        if not 0 < number <= len(known):
            continue
        kind, at, _end = known[number - 1]
        if kind == b"ispe":
            width, height = scanner.unpack(">II", at + 4)
        elif kind == b"irot":
            quarters = scanner.at(at, 1)[0] & 3
    return width, height, quarters


def associated_properties(scanner: BoundedReader, box: tuple[int, int], item: int) -> list[int]:
    """The numbers of the properties that an `ipma` box associates with an item."""
    version, flags, count = struct.unpack(">B3sI", scanner.at(box[0], 8))
    table, at = scanner.at(box[0] + 8, box[1] - box[0] - 8), 0
    key, number = (">I" if version else ">H"), (">H" if flags[2] & 1 else ">B")
    mask = 0x7FFF if flags[2] & 1 else 0x7F
    try:
        for _entry in range(count):
            (owner,) = struct.unpack_from(key, table, at)
            at += struct.calcsize(key)
            several, at = table[at], at + 1
            size = struct.calcsize(number)
            if owner == item:
                found = struct.iter_unpack(number, table[at : at + several * size])
                return [value & mask for (value,) in found]
            at += several * size
    except (struct.error, IndexError):
        raise UnfitImage from None
    raise UnfitImage


def iter_boxes(
    scanner: BoundedReader, start: int, end: int, *, first: int = MAX_READS
) -> Iterator[tuple[bytes, int, int]]:
    """The type, start and end of the contents of each ISO BMFF box, of the `first` so many."""
    while start + 8 <= end and first:
        size, kind = struct.unpack(">I4s", scanner.at(start, 8))
        content = start + 8
        if size == 1:
            (size,) = scanner.unpack(">Q", start + 8)
            content += 8
        stop = end if size == 0 else start + size
        if not content <= stop <= end:
            raise UnfitImage
        yield kind, content, stop
        start, first = stop, first - 1


def find_box(scanner: BoundedReader, wanted: bytes, start: int, end: int) -> tuple[int, int]:
    """Where the contents of the first box of this type begin and end. Raises UnfitImage without one."""
    for kind, content, stop in iter_boxes(scanner, start, end):
        if kind == wanted:
            return content, stop
    raise UnfitImage
