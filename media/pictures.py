"""From an uploaded file to the files readers get. Pure: bytes in, bytes out."""

import base64
import io
import threading
import warnings
from contextlib import suppress
from dataclasses import dataclass

from PIL import ExifTags, Image, ImageCms

from media.errors import MovingPicture, NotAPhoto, TooManyPixels
from newsroom.errors import Refused

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MAY_MOVE = ("PNG", "WEBP", "GIF")
MOST_PIXELS = 60_000_000
WIDTHS = (480, 960, 1600)
TALLEST = 16_000  # a long chart may stand; WebP and many browsers end at 16,383
LARGEST_PROFILE = 1024 * 1024
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
SIDEWAYS = {TURNS[n] for n in (5, 6, 7, 8)}
# One picture at a time in a process: a decoded one may hold a quarter of a gigabyte.
DARKROOM = threading.BoundedSemaphore(1)


@dataclass(frozen=True)
class Made:
    """One file: `name` is `<width>.<ext>`, `type` its media type."""

    name: str
    width: int
    height: int
    type: str
    data: bytes


@dataclass(frozen=True)
class Developed:
    """A picture ready for readers: files from narrow to wide, and a placeholder data URI."""

    width: int
    height: int
    files: list[Made]
    placeholder: str


def develop(raw: bytes) -> Developed:
    """Upright, narrowed to the house's widths, never widened, colour profile kept; every camera,
    place and software tag left behind (EXIF, XMP, IPTC, comments: nothing is copied over).

    Raises NotAPhoto, TooManyPixels, MovingPicture.
    """
    with DARKROOM:
        image = opened(raw)
        files = [one_file(image, width) for width in widths_for(image.width)]
        widest = files[-1]
        return Developed(widest.width, widest.height, files, placeholder_of(image))


def opened(raw: bytes) -> Image.Image:
    """The decoded picture, upright, in RGB, no larger than the widest file needs."""
    try:
        with warnings.catch_warnings():
            # Pillow warns about odd files and about bombs up to twice its own limit; ours is stricter.
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(raw), formats=FORMATS)
            refuse_unfit(image)
            return in_rgb(upright(image))
    except Refused:
        raise
    except Image.DecompressionBombError:
        raise TooManyPixels from None
    except Exception:  # noqa: BLE001 -- Pillow raises what it likes on a hostile file; it is no photo
        raise NotAPhoto from None


def refuse_unfit(image: Image.Image) -> None:
    """By what the head of the file says, before anything is decoded."""
    if image.width * image.height > MOST_PIXELS:
        raise TooManyPixels
    # Not for JPEG: telephones append a second picture or a depth map to a still one.
    if image.format in MAY_MOVE and getattr(image, "is_animated", False):
        raise MovingPicture


def upright(image: Image.Image) -> Image.Image:
    """Narrowed first, turned then: the large original is let go as early as can be."""
    turn = TURNS.get(orientation_of(image))
    sideways = turn in SIDEWAYS
    width, height = (image.height, image.width) if sideways else (image.width, image.height)
    factor = min(1.0, WIDTHS[-1] / width, TALLEST / height)
    wanted = max(1, round(image.width * factor)), max(1, round(image.height * factor))
    profile = image.info.get("icc_profile")
    image.draft(None, wanted)  # a JPEG is decoded at the next eighth above
    image.load()
    if factor < 1:
        image = in_steady_mode(image).resize(wanted, Image.Resampling.LANCZOS, reducing_gap=3.0)
    turned = image.transpose(turn) if turn is not None else image
    turned.info["icc_profile"] = profile
    return turned


def orientation_of(image: Image.Image) -> int:
    """How the camera was held (EXIF 2.3, tag 0x0112); 1, upright, where it does not say."""
    with suppress(Exception):  # a broken note on the picture does not make the picture broken
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    return 1


def in_steady_mode(image: Image.Image) -> Image.Image:
    """In a mode whose values can be averaged: no palette, no 1-bit, no 16-bit greys."""
    if image.mode.startswith("I"):
        # Pillow would cut 16-bit greys off at 255 and make the picture white.
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.mode in {"P", "PA", "LA"} or "transparency" in image.info:
        return image.convert("RGBA")
    return image.convert("L") if image.mode == "1" else image


def in_rgb(image: Image.Image) -> Image.Image:
    """On white where it was transparent; the profile goes along where it still fits."""
    profile = image.info.get("icc_profile") or b""
    image = in_steady_mode(image)
    fits = image.mode in {"RGB", "RGBA"} and b"RGB " in profile[16:20]
    if image.mode == "RGBA":
        plain = Image.new("RGB", image.size, "white")
        plain.paste(image, mask=image.getchannel("A"))
    elif image.mode == "CMYK" and profile:
        plain = from_press_colours(image, profile)
    else:
        plain = image.convert("RGB")
    plain.info = {"icc_profile": profile} if fits and len(profile) <= LARGEST_PROFILE else {}
    return plain


def from_press_colours(image: Image.Image, profile: bytes) -> Image.Image:
    """CMYK by its own profile; by rule of thumb where the profile is broken."""
    with suppress(ImageCms.PyCMSError, OSError):
        ours = ImageCms.createProfile("sRGB")
        turned = ImageCms.profileToProfile(image, io.BytesIO(profile), ours, outputMode="RGB")
        if turned is not None:
            return turned
    return image.convert("RGB")


def widths_for(width: int) -> list[int]:
    """The house's widths up to that of the picture, and the picture's own. None twice, none wider."""
    return [*(w for w in WIDTHS if w < width), min(width, WIDTHS[-1])]


def one_file(image: Image.Image, width: int) -> Made:
    height = max(1, round(image.height * width / image.width))
    sized = (
        image if width == image.width else image.resize((width, height), Image.Resampling.LANCZOS)
    )
    out = io.BytesIO()
    profile = image.info.get("icc_profile")
    sized.save(
        out, "JPEG", quality=84, optimize=True, progressive=True, icc_profile=profile, exif=b""
    )
    return Made(f"{width}.jpg", width, height, "image/jpeg", out.getvalue())


def placeholder_of(image: Image.Image) -> str:
    """About 300 bytes to show until the picture has come: a WebP of 16 pixels at most as a data URI."""
    factor = 16 / max(image.width, image.height)
    small = image.resize(
        (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
    )
    small.info = {}
    out = io.BytesIO()
    small.save(out, "WEBP", quality=40)
    return "data:image/webp;base64," + base64.b64encode(out.getvalue()).decode()
