"""Image headers: format, size and orientation of a file, read without decoding a pixel. Pure.

Plain Python with a limit of reads, so that a web thread may call it for any file: no decoder library can
crash there.  The values are those of the header; the decoder (media/images/renditions.py) verifies them.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from media.images.bounded_reader import BoundedReader, TooManyReads
from media.images.isobmff import find_box, iter_boxes, read_primary_item_size
from media.images.limits import UnfitImage, check_dimensions

MAX_IFD_ENTRIES = 4096
IMAGE_WIDTH, IMAGE_LENGTH, ORIENTATION = 256, 257, 274
START_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
MARKERS_WITHOUT_LENGTH = frozenset({0x00, 0x01, *range(0xD0, 0xD9)})
END_OR_SCAN = frozenset({0xD9, 0xDA})
AVIF_BRANDS = frozenset({b"avif", b"avis"})
HEIF_BRANDS = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}
)


@dataclass(frozen=True)
class ImageHeader:
    """The format and size that the header of a file states; the size is that of the upright image."""

    format: str
    width: int
    height: int
    is_animated: bool = False


def read_image_header(file: IO[bytes]) -> ImageHeader:
    """Read the header of a file; its format is detected by the signature, not by the file name.

    Raises UnfitImage for any file that cannot become a photo.
    """
    reader = BoundedReader(file)
    head = reader.read_at(0, min(16, reader.size))
    for signature, parse in PARSERS:
        if signature(head):
            header = parse(reader)
            check_dimensions(header.width, header.height, is_animated=header.is_animated)
            return header
    raise UnfitImage


def oriented_header(
    kind: str, width: int, height: int, *, orientation: int, is_animated: bool = False
) -> ImageHeader:
    """A header with width and height exchanged if the EXIF orientation turns the image sideways."""
    if orientation in {5, 6, 7, 8}:
        width, height = height, width
    return ImageHeader(kind, width, height, is_animated)


# -- TIFF, and EXIF, which is a TIFF without pixels ------------------------------------------------


def read_first_ifd(reader: BoundedReader, base: int) -> dict[int, int]:
    """Size and orientation tags of the first image file directory (TIFF 6.0, section 2; BigTIFF)."""
    order = {b"II": "<", b"MM": ">"}.get(reader.read_at(base, 2), "")
    if not order:
        raise UnfitImage
    (version,) = reader.unpack(order + "H", base + 2)
    is_big = version == 43
    (offset,) = reader.unpack(order + ("Q" if is_big else "I"), base + (8 if is_big else 4))
    (count,) = reader.unpack(order + ("Q" if is_big else "H"), base + offset)
    entry, start = (20, base + offset + 8) if is_big else (12, base + offset + 2)
    if count > MAX_IFD_ENTRIES:
        raise UnfitImage
    table = reader.read_at(start, count * entry)
    tags = {}
    for row in range(0, count * entry, entry):
        tag, kind = struct.unpack_from(order + "HH", table, row)
        if tag in {IMAGE_WIDTH, IMAGE_LENGTH, ORIENTATION} and kind in {3, 4}:
            value = struct.unpack_from(
                order + ("H" if kind == 3 else "I"), table, row + entry // 2 + 2
            )
            tags[tag] = value[0]
    return tags


def read_exif_orientation(reader: BoundedReader, base: int) -> int:
    """The EXIF orientation, 1 to 8; 1, upright, if there is none or the EXIF is broken."""
    try:
        if reader.read_at(base, 6) == b"Exif\0\0":
            base += 6
        return read_first_ifd(reader, base).get(ORIENTATION, 1)
    except UnfitImage:
        return 1


def parse_tiff(reader: BoundedReader) -> ImageHeader:
    """TIFF header: the first image file directory."""
    tags = read_first_ifd(reader, 0)
    width, height = tags.get(IMAGE_WIDTH, 0), tags.get(IMAGE_LENGTH, 0)
    return oriented_header("TIFF", width, height, orientation=tags.get(ORIENTATION, 1))


# -- the others ------------------------------------------------------------------------------------


def parse_jpeg(reader: BoundedReader) -> ImageHeader:
    """JPEG header (ITU-T T.81, annex B): segments up to the first start of frame."""
    offset, orientation = 2, 1
    while True:
        mark, kind = reader.read_at(offset, 2)
        if mark != 0xFF or kind in END_OR_SCAN:
            raise UnfitImage
        if kind == 0xFF or kind in MARKERS_WITHOUT_LENGTH:
            offset += 1 if kind == 0xFF else 2
            continue
        (length,) = reader.unpack(">H", offset + 2)
        if kind in START_OF_FRAME:
            height, width = reader.unpack(">HH", offset + 5)
            return oriented_header("JPEG", width, height, orientation=orientation)
        if kind == 0xE1 and length > 16 and reader.read_at(offset + 4, 6) == b"Exif\0\0":
            orientation = read_exif_orientation(reader, offset + 4)
        offset += 2 + length


def parse_png(reader: BoundedReader) -> ImageHeader:
    """PNG and APNG header: chunks up to the image data."""
    if reader.read_at(12, 4) != b"IHDR":
        raise UnfitImage
    width, height = reader.unpack(">II", 16)
    offset, orientation, is_animated = 33, 1, False
    while offset + 8 <= reader.size:
        length, kind = struct.unpack(">I4s", reader.read_at(offset, 8))
        if kind in {b"IDAT", b"IEND"}:
            break
        if kind == b"eXIf":
            orientation = read_exif_orientation(reader, offset + 8)
        if kind == b"acTL":
            is_animated = reader.unpack(">I", offset + 8)[0] > 1
        offset += 12 + length
    return oriented_header("PNG", width, height, orientation=orientation, is_animated=is_animated)


def parse_gif(reader: BoundedReader) -> ImageHeader:
    """GIF89a header: the logical screen, and whether a second image follows the first.

    If the first is too large for the limit of reads, the decoder detects an animation.
    """
    width, height = reader.unpack("<HH", 6)
    try:
        is_animated = count_gif_images(reader, limit=2) > 1
    except TooManyReads:
        is_animated = False
    return ImageHeader("GIF", width, height, is_animated=is_animated)


def count_gif_images(reader: BoundedReader, *, limit: int) -> int:
    """The number of images in a GIF, counted up to `limit`."""
    offset, count = 13 + color_table_bytes(reader.read_at(10, 1)[0]), 0
    while offset < reader.size and count < limit and (kind := reader.read_at(offset, 1)) != b";":
        if kind == b",":
            count += 1
            offset += 11 + color_table_bytes(reader.read_at(offset + 9, 1)[0])
        elif kind == b"!":
            offset += 2
        else:
            raise UnfitImage
        while length := reader.read_at(offset, 1)[0]:
            offset += 1 + length
        offset += 1
    return count


def color_table_bytes(flags: int) -> int:
    """The size in bytes of the colour table that these flags announce."""
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def parse_webp(reader: BoundedReader) -> ImageHeader:
    """WebP header: the first chunk of the container, VP8, VP8L or VP8X."""
    kind, is_animated, orientation = reader.read_at(12, 4), False, 1
    if kind == b"VP8 ":
        width, height = (side & 0x3FFF for side in reader.unpack("<HH", 26))
    elif kind == b"VP8L":
        (bits,) = reader.unpack("<I", 21)
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    elif kind == b"VP8X":
        flags, *sides = reader.read_at(20, 10)
        width = int.from_bytes(bytes(sides[3:6]), "little") + 1
        height = int.from_bytes(bytes(sides[6:9]), "little") + 1
        is_animated = bool(flags & 0x02)
        if flags & 0x08:
            orientation = read_webp_orientation(reader)
    else:
        raise UnfitImage
    return oriented_header("WEBP", width, height, orientation=orientation, is_animated=is_animated)


def read_webp_orientation(reader: BoundedReader) -> int:
    """The EXIF orientation in a WebP container; 1, upright, without an EXIF chunk."""
    offset = 12
    while offset + 8 <= reader.size:
        kind, length = struct.unpack("<4sI", reader.read_at(offset, 8))
        if kind == b"EXIF":
            return read_exif_orientation(reader, offset + 8)
        offset += 8 + length + length % 2
    return 1


def parse_bmp(reader: BoundedReader) -> ImageHeader:
    """BMP header: BITMAPCOREHEADER or BITMAPINFOHEADER."""
    (size,) = reader.unpack("<I", 14)
    width, height = reader.unpack("<HH" if size == 12 else "<ii", 18)
    return ImageHeader("BMP", width, abs(height))  # a negative height: rows from the top


def parse_heif(reader: BoundedReader) -> ImageHeader:
    """HEIF and AVIF header (ISO/IEC 23008-12): the properties of the primary item."""
    ((_kind, start, end),) = iter_boxes(reader, 0, reader.size, first=1)
    major, brands = reader.read_at(start, 4), reader.read_at(start, end - start)
    named = {brands[offset : offset + 4] for offset in range(0, len(brands), 4)}
    if not named & (AVIF_BRANDS | HEIF_BRANDS):
        raise UnfitImage
    kind = "AVIF" if named & AVIF_BRANDS else "HEIF"
    meta = find_box(reader, b"meta", 0, reader.size)
    inner = meta[0] + 4, meta[1]
    width, height, quarters = read_primary_item_size(reader, *inner)
    if quarters % 2:
        width, height = height, width
    return ImageHeader(kind, width, height, is_animated=major == b"avis")


PARSERS: tuple[tuple[Callable[[bytes], bool], Callable[[BoundedReader], ImageHeader]], ...] = (
    (lambda head: head.startswith(b"\xff\xd8\xff"), parse_jpeg),
    (lambda head: head.startswith(b"\x89PNG\r\n\x1a\n"), parse_png),
    (lambda head: head[:6] in {b"GIF87a", b"GIF89a"}, parse_gif),
    (lambda head: head[:4] == b"RIFF" and head[8:12] == b"WEBP", parse_webp),
    (lambda head: head[4:8] == b"ftyp", parse_heif),
    (lambda head: head[:4] in {b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"}, parse_tiff),
    (lambda head: head[:2] == b"BM", parse_bmp),
)
