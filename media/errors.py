"""Errors of photos and uploads."""

from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from media.images.limits import (
    ANIMATED_IMAGE,
    CANNOT_DECODE,
    MAX_ASPECT_RATIO,
    MIN_SIDE_PIXELS,
    NOT_A_PHOTO,
    TOO_ELONGATED,
    TOO_MANY_PIXELS,
    TOO_SMALL,
)
from newsroom.errors import Refused


class InvalidUpload(Refused):
    """A refusal of an upload for the value of one field."""

    status = 400
    field: ClassVar[str] = "file"

    @property
    def more(self) -> dict[str, Any]:
        """The `errors` member of the problem document."""
        return {"errors": [{"pointer": f"/{self.field}", "detail": str(self)}]}


class NotAPhoto(InvalidUpload):
    code = NOT_A_PHOTO
    sentence = _(
        "This file is not a whole picture. JPEG, PNG, WebP, GIF, HEIC, AVIF, TIFF and BMP are taken."
    )


class AnimatedImage(InvalidUpload):
    code = ANIMATED_IMAGE
    sentence = _("This picture moves. Save the frame you want as a JPEG or PNG and try again.")


class TooManyPixels(InvalidUpload):
    code = TOO_MANY_PIXELS
    sentence = _("This picture has more than 60 million pixels. Save it smaller and try again.")


class TooSmall(InvalidUpload):
    code = TOO_SMALL
    sentence = format_lazy(
        _("This picture is too small. A photo has at least {least} pixels a side."),
        least=MIN_SIDE_PIXELS,
    )


class TooElongated(InvalidUpload):
    code = TOO_ELONGATED
    sentence = format_lazy(
        _(
            "This picture is too long and narrow. The long side may be {most} times the short side at most."
        ),
        most=MAX_ASPECT_RATIO,
    )


class UploadTooLarge(InvalidUpload):
    code = "too_large"
    status = 413
    sentence = _("This file is larger than 30 MB. Save it smaller and try again.")


class CannotDecode(InvalidUpload):
    code = CANNOT_DECODE
    sentence = _(
        "This picture could not be decoded within the limits. Save it as a JPEG and try again."
    )


class UploadLost(InvalidUpload):
    code = "upload_lost"
    sentence = _("The uploaded file was lost before it could be read. Upload it again.")


class PhotoChanged(Refused):
    code = "precondition_failed"
    status = 412
    sentence = _("Somebody changed this photo meanwhile. Read it again, then decide.")


class NoAlternativeText(InvalidUpload):
    code = "no_alternative_text"
    field = "alt"
    sentence = _("Describe what is to be seen, for people who cannot see the photo.")


# Errors of decoding an upload by code. A failed photo stores the code, not the sentence.
DECODING_ERRORS: dict[str, type[InvalidUpload]] = {
    refusal.code: refusal
    for refusal in (
        NotAPhoto,
        AnimatedImage,
        TooManyPixels,
        TooSmall,
        TooElongated,
        CannotDecode,
        UploadLost,
    )
}


def failure_sentence(code: str) -> str | Promise:
    """The sentence for the code of a decoding error."""
    return DECODING_ERRORS.get(code, CannotDecode).sentence
