"""Image items in ISO base media files: HEIF (ISO/IEC 23008-12) and AVIF. Pure."""

import struct
from collections.abc import Iterator

from media.images.bounded_reader import MAX_READS, BoundedReader
from media.images.limits import UnfitImage


def read_primary_item_size(reader: BoundedReader, start: int, end: int) -> tuple[int, int, int]:
    """Width, height and number of quarter turns of the primary item of a `meta` box (`start`, `end`)."""
    item = find_box(reader, b"pitm", start, end)
    is_long = reader.read_at(item[0], 1) != b"\0"
    (primary,) = reader.unpack(">I" if is_long else ">H", item[0] + 4)
    properties = find_box(reader, b"iprp", start, end)
    container = find_box(reader, b"ipco", *properties)
    known = list(iter_boxes(reader, *container))
    width = height = quarters = 0
    for number in associated_properties(reader, find_box(reader, b"ipma", *properties), primary):
        if not 0 < number <= len(known):
            continue
        kind, offset, _end = known[number - 1]
        if kind == b"ispe":
            width, height = reader.unpack(">II", offset + 4)
        elif kind == b"irot":
            quarters = reader.read_at(offset, 1)[0] & 3
    return width, height, quarters


def associated_properties(reader: BoundedReader, box: tuple[int, int], item: int) -> list[int]:
    """The property indexes that an `ipma` box associates with an item."""
    version, flags, count = struct.unpack(">B3sI", reader.read_at(box[0], 8))
    table, offset = reader.read_at(box[0] + 8, box[1] - box[0] - 8), 0
    item_format, index_format = (">I" if version else ">H"), (">H" if flags[2] & 1 else ">B")
    mask = 0x7FFF if flags[2] & 1 else 0x7F
    try:
        for _entry in range(count):
            (owner,) = struct.unpack_from(item_format, table, offset)
            offset += struct.calcsize(item_format)
            property_count, offset = table[offset], offset + 1
            size = struct.calcsize(index_format)
            if owner == item:
                indexes = struct.iter_unpack(
                    index_format, table[offset : offset + property_count * size]
                )
                return [value & mask for (value,) in indexes]
            offset += property_count * size
    except (struct.error, IndexError):
        raise UnfitImage from None
    raise UnfitImage


def iter_boxes(
    reader: BoundedReader, start: int, end: int, *, first: int = MAX_READS
) -> Iterator[tuple[bytes, int, int]]:
    """Yield type, start and end of the contents of each box between `start` and `end`, at most `first`."""
    while start + 8 <= end and first:
        size, kind = struct.unpack(">I4s", reader.read_at(start, 8))
        content = start + 8
        if size == 1:
            (size,) = reader.unpack(">Q", start + 8)
            content += 8
        stop = end if size == 0 else start + size
        if not content <= stop <= end:
            raise UnfitImage
        yield kind, content, stop
        start, first = stop, first - 1


def find_box(reader: BoundedReader, box_type: bytes, start: int, end: int) -> tuple[int, int]:
    """Start and end of the contents of the first box of this type. Raises UnfitImage without one."""
    for kind, content, stop in iter_boxes(reader, start, end):
        if kind == box_type:
            return content, stop
    raise UnfitImage
