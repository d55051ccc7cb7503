"""Refusals of the wire app."""

from django.utils.translation import gettext_lazy as _

from newsroom.errors import Refused
from wire.labels import UNSUPPORTED_KINDS


class Unreadable(Refused):
    code = "unreadable"
    status = 422
    sentence = _("This is not text. Send the story as plain text in UTF-8 or CP949.")

    @classmethod
    def packed(cls, kind: str) -> "Unreadable":
        return cls(_("This is a %(kind)s file. Send the story as plain text.") % {"kind": kind})


class Unsupported(Refused):
    """Bytes in a format that no parser reads; `kind` is its code, with a name in wire/labels.py."""

    code = "unsupported_format"
    status = 422
    sentence = _("This looks like %(kind)s, which no parser reads. It is kept as it came.")

    def __init__(self, kind: str) -> None:
        self.kind = kind
        super().__init__(self.sentence % {"kind": UNSUPPORTED_KINDS.get(kind, kind)})


class TooManyLines(Refused):
    code = "too_many_lines"
    status = 422
    sentence = _("This text has more than %(limit)s lines, which no story has.")

    def __init__(self, limit: int) -> None:
        super().__init__(self.sentence % {"limit": limit})


class TooLong(Refused):
    code = "too_long"
    status = 422
    sentence = _("This text has more than %(limit)s characters, which no story has.")

    def __init__(self, limit: int) -> None:
        super().__init__(self.sentence % {"limit": limit})


class TooManyStories(Refused):
    code = "too_many_stories"
    status = 422
    sentence = _("This delivery holds more than %(limit)s stories. Send fewer at a time.")

    def __init__(self, limit: int) -> None:
        super().__init__(self.sentence % {"limit": limit})


class Malformed(Refused):
    """A document of a known format that is cut off or damaged."""

    code = "malformed"
    status = 422
    sentence = _("This %(format)s document is cut off or damaged. Ask the agency to send it again.")

    def __init__(self, form: str) -> None:
        super().__init__(self.sentence % {"format": form})


class NoStory(Refused):
    """A whole document without a story: a feed without entries, a message about events alone."""

    code = "no_story"
    status = 422
    sentence = _("There is no story in this %(format)s document.")

    def __init__(self, form: str) -> None:
        super().__init__(self.sentence % {"format": form})


class TooComplex(Refused):
    """A document above a limit of its structure, which no agency needs for a story."""

    code = "too_complex"
    status = 422
    sentence = _("This document has a structure that no story has.")

    @classmethod
    def nested(cls, limit: int) -> "TooComplex":
        return cls(
            _("Parts of this document are nested more than %(limit)s deep, which no story needs.")
            % {"limit": limit}
        )

    @classmethod
    def tags(cls, limit: int) -> "TooComplex":
        return cls(
            _("This document has more than %(limit)s tags. Send fewer stories at a time.")
            % {"limit": limit}
        )

    @classmethod
    def entities(cls) -> "TooComplex":
        return cls(_("This XML document declares entities of its own, which we do not resolve."))


class NoHeadline(Refused):
    code = "no_headline"
    status = 422
    sentence = _("There is no headline in this text. Look at the raw delivery.")


class EmptyDelivery(Refused):
    code = "empty"
    status = 400
    sentence = _("The delivery is empty. Send the text of the story as the body.")


class TooLarge(Refused):
    code = "too_large"
    status = 413
    sentence = _("The delivery is larger than %(limit)s bytes. Send fewer stories at a time.")

    def __init__(self, limit: int) -> None:
        super().__init__(self.sentence % {"limit": limit})


class Encoded(Refused):
    code = "content_encoding"
    status = 415
    sentence = _("Send the body as it is, without Content-Encoding.")


class UnknownSource(Refused):
    code = "unknown_source"
    status = 404
    sentence = _("No wire source has this name. Create it in the admin first.")

    @classmethod
    def named(cls, slug: str, known: list[str]) -> "UnknownSource":
        sentence = _("No wire source is called %(slug)s. There are: %(known)s.")
        return cls(sentence % {"slug": slug, "known": ", ".join(known) or "-"})


class SourceClosed(Refused):
    code = "source_closed"
    status = 409
    sentence = _("This wire source is switched off. Switch it on in the admin first.")


class NotWithheld(Refused):
    code = "not_withheld"
    sentence = _("Nothing waits for a decision here: the story is not withheld.")


class EmbargoOpen(Refused):
    code = "embargo_open"
    sentence = _("The story is under an embargo without a known end. Set its end, or lift it.")


class NoEmbargo(Refused):
    code = "no_embargo"
    sentence = _("This story is under no embargo.")


class MomentPassed(Refused):
    code = "moment_passed"
    sentence = _("This moment has passed. To let the story go, lift the embargo.")


class CopyErased(Refused):
    code = "copy_erased"
    status = 410
    sentence = _("This agency copy was erased for good meanwhile.")


class StoryChanged(Refused):
    code = "edited_elsewhere"
    status = 412
    sentence = _("The story has changed meanwhile. Look at it again.")


class StoryJoined(Refused):
    code = "joined"
    status = 410
    sentence = _("This story was joined with another one.")

    @classmethod
    def into(cls, story: int) -> "StoryJoined":
        return cls(_("This story was joined with story %(story)s.") % {"story": story})


class NoSuchStory(Refused):
    code = "no_such_story"
    status = 422
    sentence = _("There is no such story of this source. Choose another story.")


class IdentifiedStory(Refused):
    code = "identified_story"
    sentence = _(
        "The agency numbers its stories itself, so they are neither joined nor split by hand."
    )


class NothingToSplit(Refused):
    code = "nothing_to_split"
    status = 422
    sentence = _("Choose versions of this story, and leave at least one of them here.")


class AlreadyCancelled(Refused):
    code = "already_cancelled"
    sentence = _("This story is cancelled already.")


class QuestionOpen(Refused):
    code = "question_open"
    sentence = _(
        "A cancellation may mean this story. Say first whether it belongs to it or is another story."
    )


class NothingToUndo(Refused):
    code = "nothing_to_undo"
    sentence = _("There is no decision about this story to undo.")


class BuiltOnSince(Refused):
    code = "built_on_since"
    sentence = _(
        "Something else was decided about these stories since. Undo that first, or join and split by hand."
    )

    @classmethod
    def by_version(cls) -> "BuiltOnSince":
        return cls(
            _(
                "A version has come since then. Join or split by hand so that it stands where it belongs."
            )
        )
