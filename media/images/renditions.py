"""Image renditions: the scaled JPEG files made of an uploaded image. Pure: a file in, bytes out."""

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
# libheif applies irot and imir while decoding, Pillow the orientation of a TIFF.
ORIENTED_BY_DECODER = frozenset({"HEIF", "TIFF"})
RENDITION_WIDTHS = (480, 960, 1600)  # pixels
MAX_RENDITION_HEIGHT_PIXELS = 16_000  # WebP and many browsers support up to 16,383
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
# Decoder threads would take processor time from publishing and reading.
AvifImagePlugin.DEFAULT_MAX_THREADS = 1
register_heif_opener(decode_threads=1, thumbnails=False, depth_images=False, aux_images=False)
# One image at a time in a process: a decoded one may take 250 MB.
DECODE_SEMAPHORE = threading.BoundedSemaphore(1)


@dataclass(frozen=True)
class RenditionFile:
    """A rendition file: `name` is `<width>.jpg`, `type` the media type."""

    name: str
    width: int
    height: int
    type: str
    data: bytes


@dataclass(frozen=True)
class Renditions:
    """The renditions of an image: files from narrow to wide, and a placeholder data URI."""

    width: int
    height: int
    files: list[RenditionFile]
    placeholder: str


def make_renditions(raw: bytes | IO[bytes]) -> Renditions:
    """Decode an image and make its renditions: upright, in sRGB, at RENDITION_WIDTHS, never upscaled.

    No metadata is copied (EXIF, XMP, IPTC, comments).  Raises UnfitImage.
    """
    with DECODE_SEMAPHORE:
        image = decode_image(io.BytesIO(raw) if isinstance(raw, bytes) else raw)
        files = [make_rendition_file(image, width) for width in rendition_widths(image.width)]
        widest = files[-1]
        return Renditions(widest.width, widest.height, files, make_placeholder(image))


def decode_image(raw: IO[bytes]) -> Image.Image:
    """Decode an image: upright, in sRGB, downscaled to the widest rendition. Raises UnfitImage."""
    try:
        with warnings.catch_warnings():
            # Pillow warns of damaged files, and of large ones, for which our own limit is stricter.
            warnings.simplefilter("ignore")
            image = Image.open(raw, formats=DECODED_FORMATS)
            check_dimensions(image.width, image.height, is_animated=is_animated_image(image))
            upright = orient_and_downscale(image)
            return to_srgb(upright, upright.info.get("icc_profile") or b"")
    except UnfitImage:
        raise
    except MemoryError:
        raise UnfitImage(CANNOT_DECODE) from None
    except Image.DecompressionBombError:
        raise UnfitImage(TOO_MANY_PIXELS) from None
    except Exception:  # noqa: BLE001 -- Pillow raises any exception on a malformed file
        raise UnfitImage from None


def is_animated_image(image: Image.Image) -> bool:
    """Whether the image is animated.

    Not checked for JPEG, HEIF and TIFF: phones append a second image or a depth map to a still one, and
    of a TIFF the first page is used.
    """
    return image.format in ANIMATION_FORMATS and bool(getattr(image, "is_animated", False))


def orient_and_downscale(image: Image.Image) -> Image.Image:
    """Downscale to the widest rendition, then apply the EXIF orientation: this order takes less memory."""
    orientation = 1 if image.format in ORIENTED_BY_DECODER else image_orientation(image)
    transpose = TRANSPOSE_BY_ORIENTATION.get(orientation)
    is_sideways = transpose in SIDEWAYS_TRANSPOSES
    width, height = (image.height, image.width) if is_sideways else (image.width, image.height)
    factor = downscale_factor(width, height)
    size = max(1, round(image.width * factor)), max(1, round(image.height * factor))
    profile = image.info.get("icc_profile")
    image.draft(None, size)  # decodes a JPEG at the next larger multiple of 1/8
    image.load()
    if factor < 1:
        averageable = to_averageable_mode(image)
        image = averageable.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    upright = image.transpose(transpose) if transpose is not None else image
    upright.info["icc_profile"] = profile
    return upright


def downscale_factor(width: int, height: int) -> float:
    """The scale, at most 1, from an upright original to its widest rendition."""
    return min(1.0, RENDITION_WIDTHS[-1] / width, MAX_RENDITION_HEIGHT_PIXELS / height)


def widest_rendition_name(width: int, height: int) -> str:
    """The name of the widest rendition of an upright original of this size in pixels."""
    return rendition_name(max(1, round(width * downscale_factor(width, height))))


def rendition_name(width: int) -> str:
    """The file name of a rendition of this width."""
    return f"{width}.jpg"


def image_orientation(image: Image.Image) -> int:
    """The EXIF orientation, 1 to 8 (EXIF 2.3, tag 0x0112); 1, upright, without a readable one."""
    with suppress(Exception):  # broken metadata does not make the image unreadable
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    return 1


def rendition_widths(width: int) -> list[int]:
    """The widths of an image's renditions: those of RENDITION_WIDTHS below its own, and its own."""
    return [*(w for w in RENDITION_WIDTHS if w < width), min(width, RENDITION_WIDTHS[-1])]


def make_rendition_file(image: Image.Image, width: int) -> RenditionFile:
    """Scale an image to this width and encode it as a progressive JPEG."""
    height = max(1, round(image.height * width / image.width))
    if width != image.width:
        image = image.resize((width, height), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    # With a profile: some browsers take untagged colours for those of the screen and show them too bright.
    image.save(
        out, "JPEG", quality=84, optimize=True, progressive=True, icc_profile=SRGB_ICC, exif=b""
    )
    return RenditionFile(rendition_name(width), width, height, "image/jpeg", out.getvalue())


def make_placeholder(image: Image.Image) -> str:
    """A placeholder of about 300 bytes: a WebP of at most 16 by 16 pixels as a data URI."""
    factor = 16 / max(image.width, image.height)
    small = image.resize(
        (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
    )
    small.info = {}
    out = io.BytesIO()
    small.save(out, "WEBP", quality=40)
    return "data:image/webp;base64," + base64.b64encode(out.getvalue()).decode()
