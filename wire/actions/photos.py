"""Photos of stories: fetch a queued picture through the SSRF guard into the library, privately.

A picture is downloaded with no transaction open; the photo and the row that says so are one transaction,
so that a worker that is killed leaves neither twice.
"""

import hashlib
import io
import logging
import time
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from audit.actions import record_audit
from media.actions import receive_photo
from newsroom.errors import Refused, require
from newsroom.http.ascii_urls import ascii_url
from newsroom.text.normalization import is_blank
from outbox.downloads import download
from outbox.errors import ForbiddenAddress
from outbox.retry_policy import backoff
from outbox.ssrf_guard import PrivateNetworks
from wire.actions.locking import lock_story_row
from wire.actions.photo_queue import link_photo
from wire.models import StoryPhoto
from wire.parsers.email_message import read_attachment
from wire.transports.feed import sentence_of

logger = logging.getLogger(__name__)
PICTURE_TIMEOUT_SECONDS = 60.0
CLAIM_LEASE = timedelta(seconds=PICTURE_TIMEOUT_SECONDS + 60)
M, H = timedelta(minutes=1), timedelta(hours=1)
RETRY_DELAYS = (timedelta(), 1 * M, 5 * M, 30 * M, 2 * H, 6 * H)
HEADERS = {"User-Agent": "Newsroom-Wire/1", "Accept": "image/*"}
# None, those of OUTBOX_PRIVATE_NETWORKS neither: an address in a text must not lead inside.
PRIVATE_NETWORKS: PrivateNetworks = ()


class PictureFailed(Exception):
    """The picture was not fetched, and may be another time; the text says why."""


def may_fetch_photos(user: User) -> bool:
    """Whether the user may have pictures fetched again: as for parsing deliveries again."""
    return bool(user.has_perm("wire.change_delivery"))


@transaction.atomic
def retry_picture(picture: StoryPhoto, *, by: User) -> StoryPhoto:
    """Have a picture fetched again that failed or whose photo was deleted, from the first attempt.

    Raises NotAllowed.
    """
    require(may_fetch_photos(by))
    locked = StoryPhoto.objects.select_for_update().get(pk=picture.pk)
    if locked.can_be_retried():
        locked.state, locked.reason, locked.attempts = StoryPhoto.State.WAITING, "", 0
        locked.due_at = timezone.now()
        locked.save(update_fields=["state", "reason", "attempts", "due_at"])
        record_audit(locked.version.story, verb="picture_retried", by=by)
    return locked


def fetch_due_picture(now: datetime) -> StoryPhoto | None:
    """Fetch the picture that waits longest into the library; None where none is due."""
    # Reasons are stored, so they are in the site's language.
    with translation.override(settings.LANGUAGE_CODE):
        picture = claim_picture(now)
        if picture is None:
            return None
        try:
            if linked := link_known_picture(picture):
                return linked
            name, raw = read_picture(picture)
            return take_in_picture(picture, name=name, raw=raw)
        except PictureFailed as failure:
            return postpone_picture(picture, reason=str(failure))
        except Refused as refusal:  # of the address or the picture: another time it is the same
            return fail_picture(picture, reason=str(refusal))
        except Exception:
            # One picture that breaks must not keep the worker from the others.
            logger.exception("Picture %s could not be fetched", picture.pk)
            return postpone_picture(picture, reason=_("Fetching broke. See the log."))


def claim_picture(now: datetime) -> StoryPhoto | None:
    """Claim a due picture for CLAIM_LEASE, which counts as an attempt; None without one.

    One whose last attempt never came to an end, because its worker was killed, is given up.
    """
    for picture in StoryPhoto.objects.due(now)[:10]:
        if picture.attempts >= len(RETRY_DELAYS):
            fail_picture(picture, reason=_("Fetching broke. See the log."))
            continue
        same = StoryPhoto.objects.filter(
            pk=picture.pk, due_at=picture.due_at, state=StoryPhoto.State.WAITING
        )
        if same.update(due_at=now + CLAIM_LEASE, attempts=F("attempts") + 1):
            return StoryPhoto.objects.filter(pk=picture.pk).first()
    return None


@transaction.atomic
def link_known_picture(picture: StoryPhoto) -> StoryPhoto | None:
    """Link the photo of another version of the story that carries the same picture; None without one."""
    known = StoryPhoto.objects.in_library(picture.version.story_id).filter(key=picture.key).first()
    locked = StoryPhoto.objects.select_for_update().filter(pk=picture.pk).first()
    if known is None or locked is None:
        return None
    return save_linked(locked, known)


def save_linked(picture: StoryPhoto, known: StoryPhoto) -> StoryPhoto:
    link_photo(picture, known)
    picture.save(update_fields=["photo", "sha256", "state", "reason"])
    return picture


def read_picture(picture: StoryPhoto) -> tuple[str, bytes]:
    """File name and bytes of a picture, from its address or its delivery. Raises PictureFailed, Refused."""
    if picture.attachment is not None:
        raw = bytes(picture.version.delivery.raw)
        found = read_attachment(raw, picture.attachment)
        if found is None:
            raise Refused(_("The delivery has no such attachment."))
        _media_type, name, content = found
        return name, content
    try:
        url = ascii_url(picture.href)
    except ValueError as error:
        raise Refused(_("This is not a whole address.")) from error
    try:
        response = download(
            url,
            headers=HEADERS,
            max_bytes=settings.UPLOAD_MAX_BYTES,
            deadline=time.monotonic() + PICTURE_TIMEOUT_SECONDS,
            private_networks=PRIVATE_NETWORKS,
        )
    except ForbiddenAddress:
        raise
    except Exception as error:
        raise PictureFailed(sentence_of(error, max_bytes=settings.UPLOAD_MAX_BYTES)) from error
    if response.status != 200:
        sentence = _("The server answered with HTTP %(status)s instead of the picture.")
        raise PictureFailed(sentence % {"status": response.status})
    return PurePosixPath(unquote(urlsplit(url).path)).name, response.body


@transaction.atomic
def take_in_picture(picture: StoryPhoto, *, name: str, raw: bytes) -> StoryPhoto | None:
    """Put a fetched picture into the library, privately; None where it was erased meanwhile.

    The lock on the story lets one worker look for the same bytes, and add them, at a time. Raises Refused
    for what no photo can be made of.
    """
    story = lock_story_row(picture.version.story_id)
    locked = StoryPhoto.objects.select_for_update().filter(pk=picture.pk).first()
    if story is None or locked is None or locked.state != StoryPhoto.State.WAITING:
        return None
    digest = hashlib.sha256(raw).hexdigest()
    if known := StoryPhoto.objects.in_library(story.pk).filter(sha256=digest).first():
        return save_linked(locked, known)
    locked.photo = receive_photo(
        io.BytesIO(raw),
        name=name or story.identifier or f"wire-{locked.pk}",
        alt=alternative_text(locked),
        caption=locked.caption,
        credit=locked.credit or locked.version.agency,
        rights=locked.rights,
        resale_prohibited=locked.resale_prohibited,
    )
    locked.sha256, locked.state, locked.reason = digest, StoryPhoto.State.FETCHED, ""
    locked.save(update_fields=["photo", "sha256", "state", "reason"])
    record_audit(story, verb="picture_fetched", by=None, photo=locked.photo.key)
    return locked


def alternative_text(picture: StoryPhoto) -> str:
    """The caption, else what the picture belongs to; an editor describes it before it is published."""
    if not is_blank(picture.caption):
        return picture.caption
    return _("Picture with “%(headline)s”") % {"headline": picture.version.headline}


def postpone_picture(picture: StoryPhoto, *, reason: str) -> StoryPhoto:
    """Have a picture fetched again later, or give it up after the last attempt."""
    pause = backoff(picture.attempts + 1, delays=RETRY_DELAYS)
    if pause is None:
        return fail_picture(picture, reason=reason)
    waiting = StoryPhoto.objects.filter(pk=picture.pk, state=StoryPhoto.State.WAITING)
    waiting.update(due_at=timezone.now() + pause, reason=reason[:300])
    return picture


@transaction.atomic
def fail_picture(picture: StoryPhoto, *, reason: str) -> StoryPhoto:
    """Give a picture up, with the reason; it is said on the page of the story."""
    waiting = StoryPhoto.objects.filter(pk=picture.pk, state=StoryPhoto.State.WAITING)
    if waiting.update(state=StoryPhoto.State.FAILED, reason=reason[:300]):
        record_audit(picture.version.story, verb="picture_failed", by=None, reason=reason[:300])
    return picture
