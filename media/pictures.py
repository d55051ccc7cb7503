"""From an uploaded file to the files readers get. Pure: bytes in, bytes out."""

import base64
import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps

from media.errors import NotAPhoto, TooManyPixels

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MOST_PIXELS = 60_000_000
WIDTHS = (480, 960, 1600)


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
    place and software tag left behind (EXIF, XMP, IPTC: nothing is copied over).

    Raises NotAPhoto, TooManyPixels.
    """
    image = opened(raw)
    files = [one_file(image, width) for width in widths_for(image.width)]
    widest = files[-1]
    return Developed(widest.width, widest.height, files, placeholder_of(image))


def opened(raw: bytes) -> Image.Image:
    """The decoded first frame, upright, in RGB."""
    try:
        with warnings.catch_warnings():
            # Pillow only warns about a bomb up to twice its own limit; ours is stricter.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(raw), formats=FORMATS)
            if image.width * image.height > MOST_PIXELS:
                raise TooManyPixels
            image.load()
            upright = ImageOps.exif_transpose(image)
    except TooManyPixels:
        raise
    except Image.DecompressionBombError:
        raise TooManyPixels from None
    except Exception:  # Pillow's plugins raise what they like on a hostile file; it is no photo
        raise NotAPhoto from None
    return in_rgb(upright)


def in_rgb(image: Image.Image) -> Image.Image:
    """On white where it was transparent; the profile goes along where it still fits."""
    profile = image.info.get("icc_profile")
    if image.mode == "RGB":
        plain = image
    elif image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        layer = image.convert("RGBA")
        plain = Image.new("RGB", layer.size, "white")
        plain.paste(layer, mask=layer.getchannel("A"))
    else:
        plain = image.convert("RGB")
        profile = None if image.mode in {"CMYK", "L", "I;16", "LAB"} else profile
    plain.info = {"icc_profile": profile} if profile else {}
    return plain


def widths_for(width: int) -> list[int]:
    narrower = [w for w in WIDTHS if w < width]
    return [*narrower, min(width, WIDTHS[-1])] if width <= WIDTHS[-1] else narrower


def one_file(image: Image.Image, width: int) -> Made:
    height = max(1, round(image.height * width / image.width))
    sized = (
        image if width == image.width else image.resize((width, height), Image.Resampling.LANCZOS)
    )
    out = io.BytesIO()
    sized.save(
        out,
        "JPEG",
        quality=84,
        optimize=True,
        progressive=True,
        icc_profile=image.info.get("icc_profile"),
        exif=b"",
    )
    return Made(f"{width}.jpg", width, height, "image/jpeg", out.getvalue())


def placeholder_of(image: Image.Image) -> str:
    """About 300 bytes to show until the picture has come: a 16 pixel wide WebP as a data URI."""
    small = image.resize((16, max(1, round(image.height * 16 / image.width))))
    small.info = {}
    out = io.BytesIO()
    small.save(out, "WEBP", quality=40)
    return "data:image/webp;base64," + base64.b64encode(out.getvalue()).decode()
