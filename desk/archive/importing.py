"""Lines of the archive as articles."""

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

from django.db import transaction
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, ValidationError

from accounts.models import User
from articles.actions import import_furniture
from articles.models import Article, Author, Section
from articles.slugs import slug_of
from desk.actions import edit, publish_past, remember_address, start, withdraw_past
from desk.actions.archive_import import (
    give_address,
    give_terms,
    give_up,
    is_here,
    is_known,
    reserve,
)
from desk.api.serializers.stories import as_words
from desk.archive.schema import ArticleIn, moments
from desk.rendering import MEDIA
from media.actions import take_in
from media.models import Photo
from media.representation import photo_text
from newsroom.api.problem_details import pointers
from newsroom.api.renderers import look_through
from newsroom.errors import Refused


@dataclass
class Tally:
    """What became of the lines: how many came in, how many were here, and why the others did not."""

    came_in: int = 0
    were_here: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)
    # Of lines that came in: the elements and attributes of their bodies that are not kept.
    dropped: list[tuple[int, list[str]]] = field(default_factory=list)


def bring_in(rows: Iterable[bytes], *, names: set[str], by: User) -> Tally:
    """Each line as an article, whole or not at all; one that is here already stays as it is.

    `names` are the addresses that the file holds, so that a story may refer to one further down.
    """
    tally = Tally()
    for number, row in enumerate(rows, 1):
        if not row.strip():
            continue
        dropped: set[str] = set()
        try:
            came_in = arrive(read(row), names=names, dropped=dropped, by=by)
        except (Refused, APIException) as refusal:
            tally.refused.append((number, reason_of(refusal)))
        else:
            tally.came_in += came_in
            tally.were_here += not came_in
            if dropped:
                tally.dropped.append((number, sorted(dropped)))
    for name in names:
        give_up(name, by=by)
    return tally


def names_in(rows: Iterable[bytes]) -> Iterator[str]:
    """The addresses of all lines that can be read."""
    for row in rows:
        try:
            line = json.loads(row)
        except (ValueError, RecursionError):
            continue  # told with its number when its turn comes
        name = line.get("slug") if isinstance(line, dict) else None
        if isinstance(name, str) and name and name == slug_of(name, longest=120):
            yield name


def read(row: bytes) -> Any:
    """The line as JSON. Raises ValidationError, ParseError."""
    try:
        line = json.loads(row.decode(), parse_constant=refuse_constant)
    except UnicodeDecodeError:
        raise ValidationError(_("This line is not UTF-8.")) from None
    except (ValueError, RecursionError) as error:
        raise ValidationError(_("This line is not JSON: %(why)s") % {"why": error}) from None
    look_through(line)
    return line


def refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def reason_of(refusal: Refused | APIException) -> str:
    """Why, in one line: each field with its sentence."""
    if not isinstance(refusal, ValidationError):
        return str(refusal)
    found = pointers(refusal.detail)
    return "; ".join(f"{e['pointer']}: {e['detail']}".removeprefix(": ") for e in found)


@transaction.atomic
def arrive(line: Any, *, names: set[str], dropped: set[str], by: User) -> bool:
    """Whether the line became an article; False where its address or its identifier is known here.

    What of its bodies is not kept is added to `dropped`.  Raises ValidationError and what the actions
    refuse.
    """
    told = ArticleIn(data=line)
    told.is_valid(raise_exception=True)
    article = told.validated_data
    uid, slugs = article.get("id"), [article["slug"], *article["former_slugs"]]
    if (uid and is_known(uid, slugs=slugs)) or is_here(article["slug"]):
        return False
    photos = {key: photo_from(photo, key, by=by) for key, photo in article["photos"].items()}
    draft = None
    others = names - {article["slug"]}
    for at, said, notes in moments(article):
        words = words_from(said, photos, names=others, by=by)
        written = edit(draft, by=by, **words) if draft else start(by, **words)
        dropped |= set(written.dropped)
        draft = written if draft else give_address(written, slug=article["slug"], uid=uid, by=by)
        live = publish_past(draft, at=at, by=by, corrections=notes).article
    for slug in article["former_slugs"]:
        remember_address(live, slug=slug, by=by)
    if away := article["withdrawn"]:
        withdraw_past(live, at=away["at"], notice=away["notice"], by=by)
    terms = {name: article[name] for name in ("embargo_until", "expires_at")}
    if any(terms.values()):
        give_terms(live, by=by, **terms)
    return True


def words_from(
    said: dict[str, Any], photos: dict[str, Photo], *, names: set[str], by: User
) -> dict[str, Any]:
    """What `start` and `edit` take of the words of one edition."""
    kept = ("headline", "deck", "summary", "tags", "poll", "source", "ai_disclosure", "comments")
    body = said["body_html"]
    for key, photo in photos.items():
        body = body.replace(f"{MEDIA}{key}/", f"{MEDIA}{photo.key}/")
    return {
        **as_words({name: said[name] for name in kept}),
        "body": body,
        "section": placed(Section, said["section"], at="section", by=by),
        "authors": [placed(Author, author, at="authors", by=by) for author in said["authors"]],
        "lead_photo": photos[said["lead_photo"]] if said["lead_photo"] else None,
        "lead_photo_text": own_photo_text(said, photos),
        "related": [beside(slug, names=names, by=by) for slug in said["related"]],
    }


def own_photo_text(said: dict[str, Any], photos: dict[str, Photo]) -> dict[str, str]:
    """What the edition says of its lead photo and the library does not."""
    library = photo_text(photos.get(said["lead_photo"]))
    told = said["lead_photo_text"] or {}
    return {name: words for name, words in told.items() if words != library.get(name)}


def placed(kind: Any, told: dict[str, Any], *, at: str, by: User) -> Any:
    """The section or author of this address; made where the line says all of it."""
    found = kind.objects.filter(slug=told["slug"]).first()
    if found is None and "name" not in told:
        raise ValidationError({at: _("There is none called: %(names)s") % {"names": told["slug"]}})
    return found or import_furniture(kind(**told), by=by)


def beside(slug: str, *, names: set[str], by: User) -> Article:
    """The article of this address, or a reserved one for a line of the file still to come."""
    if found := Article.objects.filter(slug=slug).first():
        return found
    if slug not in names:
        raise ValidationError({"related": _("There is none called: %(names)s") % {"names": slug}})
    return reserve(slug, by=by)


def photo_from(told: dict[str, Any], key: str, *, by: User) -> Photo:
    """The photo of a line; a file that is here with the same words is kept once."""
    try:
        raw = base64.b64decode(told["data"], validate=True)
    except ValueError:
        raise ValidationError({"photos": {key: {"data": _("This is not base64.")}}}) from None
    said = {name: told.get(name, "") for name in ("alt", "caption", "credit")}
    digest = hashlib.sha256(raw).hexdigest()
    if same := Photo.objects.filter(digest=digest, **said).first():
        return same
    focus = {name: told.get(name, 0.5) for name in ("focal_x", "focal_y")}
    return take_in(raw, by=by, name=told.get("name", ""), **said, **focus)
