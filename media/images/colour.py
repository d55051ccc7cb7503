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
    """Convert an image to RGB in sRGB, on white where it is transparent.

    Without a profile, or with a broken one or one for another colour space, RGB values are taken for
    sRGB, and CMYK is converted without colour management.
    """
    image = to_averageable_mode(image)
    alpha = image.getchannel("A") if image.mode in {"RGBA", "LA"} else None
    colours = image.convert(image.mode.removesuffix("A")) if alpha else image
    opaque = convert_by_profile(colours, profile) or convert_without_profile(colours)
    if alpha is None:
        return opaque
    white = Image.new("RGB", opaque.size, "white")
    white.paste(opaque, mask=alpha)
    return white


def to_averageable_mode(image: Image.Image) -> Image.Image:
    """Convert an image to a mode whose values can be averaged: no palette, no 1-bit, no 16-bit greys."""
    if image.mode.startswith("I"):
        # Pillow would clip 16-bit greys at 255, which makes the image white.
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.mode in {"P", "PA", "RGBa"} or "transparency" in image.info:
        return image.convert("RGBA")
    if image.mode in {"YCbCr", "RGBX", "HSV"}:
        return image.convert("RGB")
    if image.mode == "F":
        raise UnfitImage  # floating point: the values of black and white are unknown
    plain = {"1": "L", "La": "LA"}.get(image.mode)
    return image.convert(plain) if plain else image


def convert_by_profile(image: Image.Image, profile: bytes) -> Image.Image | None:
    """Convert by an ICC profile, relative colorimetric with black point compensation.

    Returns None if the profile is broken or does not fit the image.
    """
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
    """Convert an image from a profile to sRGB."""
    transform = ImageCms.buildTransform(
        source,
        SRGB,
        image.mode,
        "RGB",
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
        ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
    converted = ImageCms.applyTransform(image, transform)
    assert converted is not None  # None only when it converts in place
    return converted


def convert_without_profile(image: Image.Image) -> Image.Image:
    """Convert an image without a profile."""
    if image.mode == "LAB":
        return apply_profile(image, ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")))
    return image.convert("RGB")
