"""Colour conversion to sRGB by the embedded ICC profile (Little CMS). Pure."""

import io
from contextlib import suppress

from PIL import Image, ImageCms

from media.images.limits import UnfitImage

MAX_PROFILE_BYTES = 4 * 1024 * 1024
SRGB = ImageCms.createProfile("sRGB")
SRGB_ICC = ImageCms.ImageCmsProfile(SRGB).tobytes()
# ICC.1:2022, 7.2.6: the data colour spaces that a photo comes in, and Pillow's mode for each.
PILLOW_MODE_BY_COLOUR_SPACE = {"RGB ": "RGB", "GRAY": "L", "CMYK": "CMYK", "Lab ": "LAB"}
# 7.2.5: input, display, output, colour space. Links, abstract and named profiles describe no photo.
USABLE_PROFILE_CLASSES = frozenset({"scnr", "mntr", "prtr", "spac"})


def to_srgb(image: Image.Image, profile: bytes = b"") -> Image.Image:
    """The picture in RGB as sRGB, on white where it was transparent.

    Without a profile, and with one that is broken or for another kind of pixel, its values count as
    sRGB; CMYK is converted by rule of thumb then.
    """
    image = to_averageable_mode(image)
    alpha = image.getchannel("A") if image.mode in {"RGBA", "LA"} else None
    colours = image.convert(image.mode.removesuffix("A")) if alpha else image
    plain = convert_by_profile(colours, profile) or convert_without_profile(colours)
    if alpha is None:
        return plain
    white = Image.new("RGB", plain.size, "white")
    white.paste(plain, mask=alpha)
    return white


def to_averageable_mode(image: Image.Image) -> Image.Image:
    """In a mode whose values can be averaged: no palette, no 1-bit, no 16-bit greys."""
    if image.mode.startswith("I"):
        # Pillow would cut 16-bit greys off at 255 and make the picture white.
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.mode in {"P", "PA", "RGBa"} or "transparency" in image.info:
        return image.convert("RGBA")
    if image.mode in {"YCbCr", "RGBX", "HSV"}:
        return image.convert("RGB")
    if image.mode == "F":
        raise UnfitImage  # measured values, whose black and white nobody knows
    plain = {"1": "L", "La": "LA"}.get(image.mode)
    return image.convert(plain) if plain else image


def convert_by_profile(image: Image.Image, profile: bytes) -> Image.Image | None:
    """Converted by the profile, relative colorimetric with black point compensation; None where the
    profile is none of this picture's."""
    if not 128 < len(profile) <= MAX_PROFILE_BYTES:
        return None
    with suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
        source = ImageCms.getOpenProfile(io.BytesIO(profile))
        mode = PILLOW_MODE_BY_COLOUR_SPACE.get(source.profile.xcolor_space)
        if source.profile.device_class not in USABLE_PROFILE_CLASSES:
            return None
        if image.mode == "L" and mode == "RGB":
            image = image.convert("RGB")
        if image.mode == mode:
            return apply_profile(image, source)
    return None


def apply_profile(image: Image.Image, source: ImageCms.ImageCmsProfile) -> Image.Image:
    transform = ImageCms.buildTransform(
        source,
        SRGB,
        image.mode,
        "RGB",
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
        ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
    made = ImageCms.applyTransform(image, transform)
    assert made is not None  # None is the answer where the picture itself is changed
    return made


def convert_without_profile(image: Image.Image) -> Image.Image:
    """Converted without a profile."""
    if image.mode == "LAB":
        return apply_profile(image, ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")))
    return image.convert("RGB")
