"""Image headers: format, size and orientation of a file, read without decoding a pixel. Pure.

In plain Python and within a budget of reads, so that a web thread may ask it about any file: a decoder
library neither runs nor crashes there.  What it says is what the file claims; the decoder (in
media/images/renditions.py) has the last word.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from media.images.isobmff import find_box, iter_boxes, read_primary_item_size
from media.images.limits import UnfitImage, check_dimensions
from media.images.scanner import BoundedReader, TooManyReads

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
    """What the head of a file claims. The size is that of the upright picture."""

    format: str
    width: int
    height: int
    is_animated: bool = False


def read_image_header(file: IO[bytes]) -> ImageHeader:
    """The header of a file that may be a photo, whatever it is called.

    Raises UnfitImage.
    """
    scanner = BoundedReader(file)
    head = scanner.at(0, min(16, scanner.size))
    for signature, parse in PARSERS:
        if signature(head):
            header = parse(scanner)
            check_dimensions(header.width, header.height, is_animated=header.is_animated)
            return header
    raise UnfitImage


def oriented_header(
    kind: str, width: int, height: int, *, orientation: int, moves: bool = False
) -> ImageHeader:
    """A header whose size is that of the picture turned by its EXIF orientation."""
    if orientation in {5, 6, 7, 8}:
        width, height = height, width
    return ImageHeader(kind, width, height, moves)


# -- TIFF, and EXIF, which is a TIFF without pixels ------------------------------------------------


def read_first_ifd(scanner: BoundedReader, base: int) -> dict[int, int]:
    """The integer tags of the first image file directory (TIFF 6.0, section 2; BigTIFF)."""
    order = {b"II": "<", b"MM": ">"}.get(scanner.at(base, 2), "")
    if not order:
        raise UnfitImage
    (version,) = scanner.unpack(order + "H", base + 2)
    is_big = version == 43
    (offset,) = scanner.unpack(order + ("Q" if is_big else "I"), base + (8 if is_big else 4))
    (count,) = scanner.unpack(order + ("Q" if is_big else "H"), base + offset)
    entry, start = (20, base + offset + 8) if is_big else (12, base + offset + 2)
    if count > MAX_IFD_ENTRIES:
        raise UnfitImage
    table = scanner.at(start, count * entry)
    found = {}
    for row in range(0, count * entry, entry):
        tag, kind = struct.unpack_from(order + "HH", table, row)
        if tag in {IMAGE_WIDTH, IMAGE_LENGTH, ORIENTATION} and kind in {3, 4}:
            value = struct.unpack_from(
                order + ("H" if kind == 3 else "I"), table, row + entry // 2 + 2
            )
            found[tag] = value[0]
    return found


def read_exif_orientation(scanner: BoundedReader, base: int) -> int:
    """How the camera was held; 1, upright, where the EXIF does not say or is broken."""
    try:
        if scanner.at(base, 6) == b"Exif\0\0":
            base += 6
        return read_first_ifd(scanner, base).get(ORIENTATION, 1)
    except UnfitImage:
        return 1


def parse_tiff(scanner: BoundedReader) -> ImageHeader:
    tags = read_first_ifd(scanner, 0)
    width, height = tags.get(IMAGE_WIDTH, 0), tags.get(IMAGE_LENGTH, 0)
    return oriented_header("TIFF", width, height, orientation=tags.get(ORIENTATION, 1))


# -- the others ------------------------------------------------------------------------------------


def parse_jpeg(scanner: BoundedReader) -> ImageHeader:
    """ITU-T T.81, annex B: segments up to the first start of frame."""
    at, orientation = 2, 1
    while True:
        mark, kind = scanner.at(at, 2)
        if mark != 0xFF or kind in END_OR_SCAN:
            raise UnfitImage
        if kind == 0xFF or kind in MARKERS_WITHOUT_LENGTH:
            at += 1 if kind == 0xFF else 2
            continue
        (length,) = scanner.unpack(">H", at + 2)
        if kind in START_OF_FRAME:
            height, width = scanner.unpack(">HH", at + 5)
            return oriented_header("JPEG", width, height, orientation=orientation)
        if kind == 0xE1 and length > 16 and scanner.at(at + 4, 6) == b"Exif\0\0":
            orientation = read_exif_orientation(scanner, at + 4)
        at += 2 + length


def parse_png(scanner: BoundedReader) -> ImageHeader:
    """PNG 1.3 and APNG: chunks up to the image data."""
    if scanner.at(12, 4) != b"IHDR":
        raise UnfitImage
    width, height = scanner.unpack(">II", 16)
    at, orientation, moves = 33, 1, False
    while at + 8 <= scanner.size:
        length, kind = struct.unpack(">I4s", scanner.at(at, 8))
        if kind in {b"IDAT", b"IEND"}:
            break
        if kind == b"eXIf":
            orientation = read_exif_orientation(scanner, at + 8)
        if kind == b"acTL":
            moves = scanner.unpack(">I", at + 8)[0] > 1
        at += 12 + length
    return oriented_header("PNG", width, height, orientation=orientation, moves=moves)


def parse_gif(scanner: BoundedReader) -> ImageHeader:
    """GIF89a: the logical screen, and whether a second image follows the first.

    Where the first is too large to be walked through here, the decoder finds that out.
    """
    width, height = scanner.unpack("<HH", 6)
    try:
        moves = count_gif_images(scanner, most=2) > 1
    except TooManyReads:
        moves = False
    return ImageHeader("GIF", width, height, is_animated=moves)


def count_gif_images(scanner: BoundedReader, *, most: int) -> int:
    at, found = 13 + color_table_bytes(scanner.at(10, 1)[0]), 0
    while at < scanner.size and found < most and (kind := scanner.at(at, 1)) != b";":
        if kind == b",":
            found += 1
            at += 11 + color_table_bytes(scanner.at(at + 9, 1)[0])
        elif kind == b"!":
            at += 2
        else:
            raise UnfitImage
        while length := scanner.at(at, 1)[0]:
            at += 1 + length
        at += 1
    return found


def color_table_bytes(flags: int) -> int:
    """The bytes of the colour table that these flags announce."""
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def parse_webp(scanner: BoundedReader) -> ImageHeader:
    """The WebP container: VP8, VP8L or VP8X comes first."""
    kind, moves, orientation = scanner.at(12, 4), False, 1
    if kind == b"VP8 ":
        width, height = (side & 0x3FFF for side in scanner.unpack("<HH", 26))
    elif kind == b"VP8L":
        (bits,) = scanner.unpack("<I", 21)
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    elif kind == b"VP8X":
        flags, *sides = scanner.at(20, 10)
        width = int.from_bytes(bytes(sides[3:6]), "little") + 1
        height = int.from_bytes(bytes(sides[6:9]), "little") + 1
        moves = bool(flags & 0x02)
        if flags & 0x08:
            orientation = read_webp_orientation(scanner)
    else:
        raise UnfitImage
    return oriented_header("WEBP", width, height, orientation=orientation, moves=moves)


def read_webp_orientation(scanner: BoundedReader) -> int:
    at = 12
    while at + 8 <= scanner.size:
        kind, length = struct.unpack("<4sI", scanner.at(at, 8))
        if kind == b"EXIF":
            return read_exif_orientation(scanner, at + 8)
        at += 8 + length + length % 2
    return 1


def parse_bmp(scanner: BoundedReader) -> ImageHeader:
    (size,) = scanner.unpack("<I", 14)
    width, height = scanner.unpack("<HH" if size == 12 else "<ii", 18)
    return ImageHeader("BMP", width, abs(height))  # a negative height: rows from the top


def parse_heif(scanner: BoundedReader) -> ImageHeader:
    """ISO/IEC 23008-12 (HEIF, AVIF): the properties of the primary item."""
    ((_kind, start, end),) = iter_boxes(scanner, 0, scanner.size, first=1)
    major, brands = scanner.at(start, 4), scanner.at(start, end - start)
    named = {brands[at : at + 4] for at in range(0, len(brands), 4)}
    if not named & (AVIF_BRANDS | HEIF_BRANDS):
        raise UnfitImage
    kind = "AVIF" if named & AVIF_BRANDS else "HEIF"
    meta = find_box(scanner, b"meta", 0, scanner.size)
    inner = meta[0] + 4, meta[1]
    width, height, quarters = read_primary_item_size(scanner, *inner)
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
