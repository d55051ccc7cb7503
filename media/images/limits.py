"""Limits of images: formats, size and shape, and the error for others. Pure.

Without Django, so that the decoding child process (media/images/sandbox.py) starts fast.
"""

# Pillow's names, in the order that it tries: of an AVIF with the brand mif1 HEIF would say it is its own.
DECODED_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF", "HEIF", "TIFF", "BMP")
MAX_PIXELS = 60_000_000
MIN_SIDE_PIXELS = 32
MAX_ASPECT_RATIO = 40
# Codes of the reasons to refuse an image; media/errors.py has a sentence for each.
NOT_A_PHOTO = "not_a_photo"
ANIMATED_IMAGE = "moving_picture"
TOO_MANY_PIXELS = "too_many_pixels"
TOO_SMALL = "too_small"
TOO_ELONGATED = "too_elongated"
CANNOT_DECODE = "cannot_decode"


class UnfitImage(Exception):
    """A file that cannot become a photo; `code` is the reason."""

    def __init__(self, code: str = NOT_A_PHOTO) -> None:
        super().__init__(code)
        self.code = code


def check_dimensions(width: int, height: int, *, is_animated: bool = False) -> None:
    """Raise UnfitImage for an image beyond the limits of size and shape, and for an animated one."""
    if width < 1 or height < 1:
        raise UnfitImage(NOT_A_PHOTO)
    if width * height > MAX_PIXELS:
        raise UnfitImage(TOO_MANY_PIXELS)
    if is_animated:
        raise UnfitImage(ANIMATED_IMAGE)
    if min(width, height) < MIN_SIDE_PIXELS:
        raise UnfitImage(TOO_SMALL)
    if max(width, height) > MAX_ASPECT_RATIO * min(width, height):
        raise UnfitImage(TOO_ELONGATED)
