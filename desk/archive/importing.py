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
from articles.actions import import_site_object
from articles.models import Article, Author, Section
from articles.models.editorial import EDITORIAL_FIELD_NAMES
from articles.slugs import make_slug
from desk.actions import add_former_slug, edit, publish_backdated, start_draft, withdraw_backdated
from desk.actions.archive_import import (
    assign_address,
    free_reserved_slug,
    is_identifier_in_use,
    is_slug_in_use,
    reserve_slug,
    set_imported_terms,
)
from desk.api.serializers.stories import draft_fields_of
from desk.archive.schema import ArticleIn, edition_timeline
from desk.rendering import PHOTO_PATH
from media.actions import import_photo
from media.models import Photo
from media.representation import photo_text_of_use
from newsroom.api.problem_details import flatten_errors
from newsroom.api.renderers import check_json_is_storable
from newsroom.errors import Refused


@dataclass
class ImportResult:
    """What became of the lines: how many came in, how many were here, and why the others did not."""

    imported: int = 0
    existing: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)
    # Of lines that came in: the elements and attributes of their bodies that are not kept.
    dropped: list[tuple[int, list[str]]] = field(default_factory=list)


def import_lines(rows: Iterable[bytes], *, file_slugs: set[str], by: User) -> ImportResult:
    """Each line as an article, whole or not at all; one that is here already stays as it is.

    `names` are the addresses that the file holds, so that a story may refer to one further down.
    """
    tally = ImportResult()
    for number, row in enumerate(rows, 1):
        if not row.strip():
            continue
        dropped: set[str] = set()
        try:
            came_in = import_line(parse_line(row), file_slugs=file_slugs, dropped=dropped, by=by)
        except (Refused, APIException) as refusal:
            tally.refused.append((number, refusal_text(refusal)))
        else:
            tally.imported += came_in
            tally.existing += not came_in
            if dropped:
                tally.dropped.append((number, sorted(dropped)))
    for name in file_slugs:
        free_reserved_slug(name, by=by)
    return tally


def slugs_in(rows: Iterable[bytes]) -> Iterator[str]:
    """The addresses of all lines that can be read."""
    for row in rows:
        try:
            line = json.loads(row)
        except (ValueError, RecursionError):
            continue  # told with its number when its turn comes
        name = line.get("slug") if isinstance(line, dict) else None
        if isinstance(name, str) and name and name == make_slug(name, max_chars=120):
            yield name


def parse_line(row: bytes) -> Any:
    """The line as JSON. Raises ValidationError, ParseError."""
    try:
        line = json.loads(row.decode(), parse_constant=refuse_constant)
    except UnicodeDecodeError:
        raise ValidationError(_("This line is not UTF-8.")) from None
    except (ValueError, RecursionError) as error:
        raise ValidationError(_("This line is not JSON: %(why)s") % {"why": error}) from None
    check_json_is_storable(line)
    return line


def refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def refusal_text(refusal: Refused | APIException) -> str:
    """Why, in one line: each field with its sentence."""
    if not isinstance(refusal, ValidationError):
        return str(refusal)
    found = flatten_errors(refusal.detail)
    return "; ".join(f"{e['pointer']}: {e['detail']}".removeprefix(": ") for e in found)


@transaction.atomic
def import_line(line: Any, *, file_slugs: set[str], dropped: set[str], by: User) -> bool:
    """Whether the line became an article; False where its address or its identifier is known here.

    What of its bodies is not kept is added to `dropped`.  Raises ValidationError and what the actions
    refuse.
    """
    told = ArticleIn(data=line)
    told.is_valid(raise_exception=True)
    article = told.validated_data
    uid, slugs = article.get("id"), [article["slug"], *article["former_slugs"]]
    if (uid and is_identifier_in_use(uid, slugs=slugs)) or is_slug_in_use(article["slug"]):
        return False
    photos = {
        key: get_or_import_photo(photo, key, by=by) for key, photo in article["photos"].items()
    }
    draft = None
    others = file_slugs - {article["slug"]}
    for at, said, notes in edition_timeline(article):
        words = draft_fields(said, photos, names=others, by=by)
        written = edit(draft, by=by, **words) if draft else start_draft(by, **words)
        dropped |= set(written.dropped)
        draft = written if draft else assign_address(written, slug=article["slug"], uid=uid, by=by)
        live = publish_backdated(draft, at=at, by=by, corrections=notes).article
    for slug in article["former_slugs"]:
        add_former_slug(live, slug=slug, by=by)
    if away := article["withdrawn"]:
        withdraw_backdated(live, at=away["at"], notice=away["notice"], by=by)
    terms = {name: article[name] for name in ("embargo_until", "expires_at")}
    if any(terms.values()):
        set_imported_terms(live, by=by, **terms)
    return True


def draft_fields(
    said: dict[str, Any], photos: dict[str, Photo], *, names: set[str], by: User
) -> dict[str, Any]:
    """What `start` and `edit` take of the words of one edition."""
    kept = (
        "headline",
        *EDITORIAL_FIELD_NAMES,
        "summary",
        "tags",
        "poll",
        "source",
        "ai_disclosure",
        "comments",
    )
    body = said["body_html"]
    for key, photo in photos.items():
        body = body.replace(f"{PHOTO_PATH}{key}/", f"{PHOTO_PATH}{photo.key}/")
    return {
        **draft_fields_of({name: said[name] for name in kept}),
        "body": body,
        "section": get_or_import(Section, said["section"], at="section", by=by),
        "authors": [
            get_or_import(Author, author, at="authors", by=by) for author in said["authors"]
        ],
        "lead_photo": photos[said["lead_photo"]] if said["lead_photo"] else None,
        "lead_photo_text": own_photo_text(said, photos),
        "related": [related_article(slug, names=names, by=by) for slug in said["related"]],
    }


def own_photo_text(said: dict[str, Any], photos: dict[str, Photo]) -> dict[str, str]:
    """What the edition says of its lead photo and the library does not."""
    library = photo_text_of_use(photos.get(said["lead_photo"]))
    told = said["lead_photo_text"] or {}
    return {name: words for name, words in told.items() if words != library.get(name)}


def get_or_import(kind: Any, told: dict[str, Any], *, at: str, by: User) -> Any:
    """The section or author of this address; made where the line says all of it."""
    found = kind.objects.filter(slug=told["slug"]).first()
    if found is None and "name" not in told:
        raise ValidationError({at: _("There is none called: %(names)s") % {"names": told["slug"]}})
    return found or import_site_object(kind(**told), by=by)


def related_article(slug: str, *, names: set[str], by: User) -> Article:
    """The article of this address, or a reserved one for a line of the file still to come."""
    if found := Article.objects.filter(slug=slug).first():
        return found
    if slug not in names:
        raise ValidationError({"related": _("There is none called: %(names)s") % {"names": slug}})
    return reserve_slug(slug, by=by)


def get_or_import_photo(told: dict[str, Any], key: str, *, by: User) -> Photo:
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
    return import_photo(raw, by=by, name=told.get("name", ""), **said, **focus)
