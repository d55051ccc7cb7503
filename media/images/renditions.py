"""Image renditions: from an uploaded file to the files readers get. Pure: a file in, bytes out."""

import base64
import io
import threading
import warnings
from contextlib import suppress
from dataclasses import dataclass
from typing import IO

from PIL import AvifImagePlugin, ExifTags, Image
from pillow_heif import register_heif_opener

from media.images.colour import SRGB_ICC, to_averageable_mode, to_srgb
from media.images.limits import (
    CANNOT_DECODE,
    DECODED_FORMATS,
    TOO_MANY_PIXELS,
    UnfitImage,
    check_dimensions,
)

ANIMATION_FORMATS = frozenset({"PNG", "WEBP", "GIF", "AVIF"})
# libheif applies irot and imir, Pillow the orientation of a TIFF, while they decode.
ORIENTED_BY_DECODER = frozenset({"HEIF", "TIFF"})
RENDITION_WIDTHS = (480, 960, 1600)
MAX_RENDITION_HEIGHT_PIXELS = 16_000  # a long chart may stand; WebP and many browsers end at 16,383
TRANSPOSE_BY_ORIENTATION = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
SIDEWAYS_TRANSPOSES = {TRANSPOSE_BY_ORIENTATION[n] for n in (5, 6, 7, 8)}
# Threads of a decoder would take the processors from whoever publishes or reads.
AvifImagePlugin.DEFAULT_MAX_THREADS = 1
register_heif_opener(decode_threads=1, thumbnails=False, depth_images=False, aux_images=False)
# One picture at a time in a process: a decoded one may hold a quarter of a gigabyte.
DECODE_SEMAPHORE = threading.BoundedSemaphore(1)


@dataclass(frozen=True)
class RenditionFile:
    """One file: `name` is `<width>.<ext>`, `type` its media type."""

    name: str
    width: int
    height: int
    type: str
    data: bytes


@dataclass(frozen=True)
class Renditions:
    """A picture ready for readers: files from narrow to wide, and a placeholder data URI."""

    width: int
    height: int
    files: list[RenditionFile]
    placeholder: str


def make_renditions(raw: bytes | IO[bytes]) -> Renditions:
    """Upright, narrowed to the house's widths, never widened, in sRGB; every camera, place and software
    tag left behind (EXIF, XMP, IPTC, comments: nothing is copied over).

    Raises UnfitImage.
    """
    with DECODE_SEMAPHORE:
        image = decode_image(io.BytesIO(raw) if isinstance(raw, bytes) else raw)
        files = [make_rendition_file(image, width) for width in rendition_widths(image.width)]
        widest = files[-1]
        return Renditions(widest.width, widest.height, files, make_placeholder(image))


def decode_image(raw: IO[bytes]) -> Image.Image:
    """The decoded picture, upright, in sRGB, no larger than the widest file needs."""
    try:
        with warnings.catch_warnings():
            # Pillow warns about odd files and about bombs up to twice its own limit; ours is stricter.
            warnings.simplefilter("ignore")
            image = Image.open(raw, formats=DECODED_FORMATS)
            check_dimensions(image.width, image.height, is_animated=is_animated_image(image))
            narrow = orient_and_downscale(image)
            return to_srgb(narrow, narrow.info.get("icc_profile") or b"")
    except UnfitImage:
        raise
    except MemoryError:
        raise UnfitImage(CANNOT_DECODE) from None
    except Image.DecompressionBombError:
        raise UnfitImage(TOO_MANY_PIXELS) from None
    except Exception:  # noqa: BLE001 -- Pillow raises what it likes on a hostile file; it is no photo
        raise UnfitImage from None


def is_animated_image(image: Image.Image) -> bool:
    """Not asked of JPEG, HEIF and TIFF: telephones append a second picture or a depth map to a still
    one, and of a TIFF the first page counts."""
    return image.format in ANIMATION_FORMATS and bool(getattr(image, "is_animated", False))


def orient_and_downscale(image: Image.Image) -> Image.Image:
    """Narrowed first, turned then: the large original is let go as early as can be."""
    turn = (
        None
        if image.format in ORIENTED_BY_DECODER
        else TRANSPOSE_BY_ORIENTATION.get(image_orientation(image))
    )
    sideways = turn in SIDEWAYS_TRANSPOSES
    width, height = (image.height, image.width) if sideways else (image.width, image.height)
    factor = downscale_factor(width, height)
    wanted = max(1, round(image.width * factor)), max(1, round(image.height * factor))
    profile = image.info.get("icc_profile")
    image.draft(None, wanted)  # a JPEG is decoded at the next eighth above
    image.load()
    if factor < 1:
        image = to_averageable_mode(image).resize(
            wanted, Image.Resampling.LANCZOS, reducing_gap=3.0
        )
    turned = image.transpose(turn) if turn is not None else image
    turned.info["icc_profile"] = profile
    return turned


def downscale_factor(width: int, height: int) -> float:
    """The factor between an upright original and its widest file: at most 1."""
    return min(1.0, RENDITION_WIDTHS[-1] / width, MAX_RENDITION_HEIGHT_PIXELS / height)


def widest_rendition_name(width: int, height: int) -> str:
    """What the widest file of an upright original of this size will be called."""
    return rendition_name(max(1, round(width * downscale_factor(width, height))))


def rendition_name(width: int) -> str:
    return f"{width}.jpg"


def image_orientation(image: Image.Image) -> int:
    """How the camera was held (EXIF 2.3, tag 0x0112); 1, upright, where it does not say."""
    with suppress(Exception):  # a broken note on the picture does not make the picture broken
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    return 1


def rendition_widths(width: int) -> list[int]:
    """The house's widths up to that of the picture, and the picture's own. None twice, none wider."""
    return [*(w for w in RENDITION_WIDTHS if w < width), min(width, RENDITION_WIDTHS[-1])]


def make_rendition_file(image: Image.Image, width: int) -> RenditionFile:
    height = max(1, round(image.height * width / image.width))
    sized = (
        image if width == image.width else image.resize((width, height), Image.Resampling.LANCZOS)
    )
    out = io.BytesIO()
    # Named sRGB: browsers that take untagged colours for the screen's own would show them too bright.
    sized.save(
        out, "JPEG", quality=84, optimize=True, progressive=True, icc_profile=SRGB_ICC, exif=b""
    )
    return RenditionFile(rendition_name(width), width, height, "image/jpeg", out.getvalue())


def make_placeholder(image: Image.Image) -> str:
    """About 300 bytes to show until the picture has come: a WebP of 16 pixels at most as a data URI."""
    factor = 16 / max(image.width, image.height)
    small = image.resize(
        (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
    )
    small.info = {}
    out = io.BytesIO()
    small.save(out, "WEBP", quality=40)
    return "data:image/webp;base64," + base64.b64encode(out.getvalue()).decode()
