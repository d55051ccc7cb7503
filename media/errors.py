from django.utils.translation import gettext_lazy as _

from newsroom.errors import Refused


class NotAPhoto(Refused):
    code = "not_a_photo"
    status = 400
    sentence = _("This file is not a whole JPEG, PNG, WebP or GIF picture.")


class MovingPicture(Refused):
    code = "moving_picture"
    status = 400
    sentence = _("This picture moves. Save the frame you want as a JPEG or PNG and try again.")


class TooManyPixels(Refused):
    code = "too_many_pixels"
    status = 400
    sentence = _("This picture has more than 60 million pixels. Save it smaller and try again.")


class TooLarge(Refused):
    code = "too_large"
    status = 413
    sentence = _("This file is larger than 30 MB. Save it smaller and try again.")


class ChangedMeanwhile(Refused):
    code = "precondition_failed"
    status = 412
    sentence = _("Somebody changed this photo meanwhile. Read it again, then decide.")


class NoAlternativeText(Refused):
    code = "no_alternative_text"
    status = 400
    sentence = _("Describe what is to be seen, for people who cannot see the photo.")
