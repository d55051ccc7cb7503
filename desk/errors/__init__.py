"""Refusals of the desk. Each has a `code` for the API and a sentence that says what to do instead."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.functional import Promise, lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from newsroom.errors import NotAllowed, Refused
from newsroom.text.dates import format_short_time


def at_time(sentence: Promise, moment: datetime) -> str:
    """The sentence with the time in its placeholder `at`."""
    return str(sentence) % {"at": format_short_time(moment)}


lazy_at_time = lazy(at_time, str)


class NotReady(Refused):
    code = "not_ready"
    status = 422

    def __init__(self, problems: list[str]) -> None:
        super().__init__(format_lazy("{}: {}.", _("Still missing"), ", ".join(problems)))
        self.more = {"problems": problems}


class TooMuchMarkup(Refused):
    code = "too_much_markup"
    status = 422


class EditedElsewhere(Refused):
    code = "edited_elsewhere"
    status = 412
    sentence = _(
        "Somebody else changed this story meanwhile. Reload it, then bring in your changes."
    )


class EditedInAnotherWindow(EditedElsewhere):
    sentence = _(
        "You changed this story meanwhile, in another window. Reload it, then bring in your changes."
    )


class PlanMoved(EditedElsewhere):
    """`at` is when the scheduled edition goes out now."""

    def __init__(self, at: datetime) -> None:
        sentence = _("Somebody moved this meanwhile: it goes out at %(at)s now. Decide anew.")
        super().__init__(lazy_at_time(sentence, at))


class NotApproved(Refused):
    """`approvers` are the names of those who can approve the story as it stands."""

    code = "not_approved"
    sentence = _(
        "Somebody other than the last editor must approve this version first, and nobody else can at"
        " present. Ask the chief editor."
    )

    def __init__(self, approvers: Sequence[str] = (), sentence: str | Promise = "") -> None:
        if approvers and not sentence:
            sentence = _(
                "Somebody other than the last editor must approve this version first: %(names)s."
            ) % {"names": ", ".join(approvers)}
        super().__init__(sentence)
        self.more = {"approvers": list(approvers)}


class PhotoTextChanged(NotApproved):
    sentence = _(
        "Four eyes are on, and the library says something else of a photo of this story than when this"
        " was approved. Send it back, and have it approved again."
    )


class WrongStage(Refused):
    code = "wrong_stage"
    sentence = _("The story is not at this stage. Reload it to see where it stands.")


class TooLate(Refused):
    code = "too_late"
    status = 422
    sentence = _("This time has passed. Choose one to come, or publish now.")


class NotPast(Refused):
    code = "not_past"
    status = 422
    sentence = _("This time is still to come. Schedule the story instead.")


class AlreadyScheduled(Refused):
    code = "already_scheduled"
    sentence = _("An edition is waiting already. Swap it, or cancel it first.")


class Embargoed(Refused):
    """`until` is the end of the embargo; None where the agency names none."""

    code = "embargoed"
    sentence = _("The story is under embargo, and nobody knows until when. Decide on it first.")

    def __init__(self, until: datetime | None) -> None:
        sentence = _("The story is under embargo until %(at)s. Nothing of it goes out before.")
        super().__init__(lazy_at_time(sentence, until) if until else "")
        self.until = until

    def next_check_at(self, now: datetime) -> datetime:
        """When to try again: at the end of the embargo; in 30 s where the agency names none, since it may
        lift the embargo at any time."""
        return self.until or now + timedelta(seconds=30)


class Expired(Refused):
    code = "expired"
    sentence = _("The story comes down before this time. Give it more time, or none to end.")


class AlreadyOut(Refused):
    code = "already_out"
    sentence = _("Readers have this story: an embargo comes too late. Withdraw it instead.")


class NoTimeLeft(Refused):
    code = "no_time_left"
    status = 422
    sentence = _("The story would come down before its embargo ends. Move one of the two.")


class PlannedOutside(Refused):
    """`at` is when the scheduled edition would be published."""

    code = "planned_outside"

    def __init__(self, at: datetime) -> None:
        sentence = _(
            "An edition goes out at %(at)s, outside of these terms. Move or cancel it first."
        )
        super().__init__(lazy_at_time(sentence, at))


class InBundle(Refused):
    code = "in_bundle"
    sentence = _("This plan goes out together with others. Move the bundle, or take it out first.")


class NotBundled(Refused):
    code = "not_bundled"
    sentence = _("This plan goes out by itself already.")


class NothingToBundle(Refused):
    code = "nothing_to_bundle"
    status = 422
    sentence = _("Choose the stories that are to go out together.")


class BundleOver(Refused):
    code = "bundle_over"
    sentence = _("Nothing of this bundle waits any more. Make a new one.")


class NothingWaiting(Refused):
    code = "nothing_waiting"
    sentence = _("Nothing of this story is waiting to go out.")


class Older(Refused):
    code = "older"
    sentence = _("Readers have seen a newer edition. Freeze a new one instead.")


class Withdrawn(Refused):
    code = "withdrawn_article"
    sentence = _("This article was withdrawn. Restore it first.")


class NotWithdrawn(Refused):
    code = "not_withdrawn"
    sentence = _("This article is not withdrawn.")


class NeverPublished(Refused):
    code = "never_published"
    sentence = _("Readers have never seen this article. Cancel its plan instead.")


class OnHold(Refused):
    code = "on_hold"
    sentence = _("This article is on legal hold already.")


class NotOnHold(Refused):
    code = "not_on_hold"
    sentence = _("This article is not on legal hold.")


class NoNotice(Refused):
    code = "no_notice"
    status = 400
    sentence = _("Write the notice that readers will find in place of the article.")


class NothingToCorrect(Refused):
    code = "nothing_to_correct"
    status = 422
    sentence = _(
        "A correction belongs to an article that readers have seen. Publish it without one."
    )


class TooManyStories(Refused):
    code = "too_many_stories"
    status = 400
    sentence = _("At most 200 stories are changed at once. Choose fewer.")


class NoCorrectionNote(Refused):
    code = "no_correction_note"
    status = 422
    sentence = _("Tell readers what was wrong and what is right.")


class Settled(Refused):
    code = "settled"
    sentence = _("This release has already gone out or been cancelled.")


class StillOut(Refused):
    code = "still_out"
    sentence = _("This story is live or waiting to go out. Withdraw it or cancel the plan first.")


class Trashed(Refused):
    code = "trashed"
    sentence = _("This story is in the trash. Take it out first.")


class SlugTaken(Refused):
    code, field = "slug_taken", "slug"  # the form shows it there, in its open group
    sentence = _("Another article has or had this address. Choose a different one.")


class IdentifierTaken(Refused):
    code = "identifier_taken"

    def __init__(self, slug: str) -> None:
        super().__init__(
            _("An article of this identifier is here under another address: %(slug)s")
            % {"slug": slug}
        )


class PollHasVotes(Refused):
    code = "poll_has_votes"
    sentence = _("People have voted in this poll: its question and sides stay as they are.")


class NothingToStartFrom(Refused):
    code = "nothing_to_start_from"
    sentence = _(
        "The agency has cancelled or withholds this story. Decide on it in the wire inbox first."
    )


class FieldGuarded(NotAllowed):
    """`field` is the label of the field, `pointer` its JSON pointer in the API."""

    sentence = _("This takes effect by itself: only somebody who may publish changes it here.")

    def __init__(self, field: str | Promise, pointer: str) -> None:
        super().__init__(format_lazy("{}: {}", field, self.sentence))
        self.more = {"errors": [{"pointer": pointer, "detail": str(self.sentence)}]}


class FieldSetByAnother(FieldGuarded):
    sentence = _("Somebody else has set this: only they, or somebody who may publish, change it.")


class WordsChanged(Refused):
    code = "words_changed"
    sentence = _(
        "You have changed the story: what you approve or send back is not what you read. Save it first."
    )


def refusal_of_story(refusal: Refused, *, story: str, number: int | None) -> Refused:
    """The refusal with the headline of the story that it is about in front, and the id of its draft as
    `more["draft"]`; for actions on several stories."""
    refusal.args = (format_lazy("{}: {}", f"“{story}”", refusal.args[0]),)
    refusal.more = {**getattr(refusal, "more", {}), "draft": number}  # type: ignore[attr-defined]
    return refusal
