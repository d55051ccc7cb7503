"""Archive import: lines of JSON as articles (docs/archive.md)."""

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
    """How many lines were imported, how many articles existed already, and the refusals."""

    imported: int = 0
    existing: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)  # (line number, reason)
    # (line number, elements and attributes that were removed from the bodies), of imported lines.
    dropped: list[tuple[int, list[str]]] = field(default_factory=list)


def import_lines(rows: Iterable[bytes], *, file_slugs: set[str], by: User) -> ImportResult:
    """Import each line as an article, whole or not at all; an article that exists is left as it is.

    `file_slugs` are those of all lines of the file, so that an article may refer to a later one.
    """
    result = ImportResult()
    for number, row in enumerate(rows, 1):
        if not row.strip():
            continue
        dropped: set[str] = set()
        try:
            is_new = import_line(parse_line(row), file_slugs=file_slugs, dropped=dropped, by=by)
        except (Refused, APIException) as refusal:
            result.refused.append((number, refusal_text(refusal)))
        else:
            result.imported += is_new
            result.existing += not is_new
            if dropped:
                result.dropped.append((number, sorted(dropped)))
    for slug in file_slugs:
        free_reserved_slug(slug, by=by)
    return result


def slugs_in(rows: Iterable[bytes]) -> Iterator[str]:
    """The slugs of all lines that can be read."""
    for row in rows:
        try:
            line = json.loads(row)
        except (ValueError, RecursionError):
            continue  # refused with its number by `import_lines`
        slug = line.get("slug") if isinstance(line, dict) else None
        if isinstance(slug, str) and slug and slug == make_slug(slug, max_chars=120):
            yield slug


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
    """Refuse NaN and Infinity, which are not JSON."""
    raise ValueError(name)


def refusal_text(refusal: Refused | APIException) -> str:
    """The reason in one line: each field with its sentence."""
    if not isinstance(refusal, ValidationError):
        return str(refusal)
    errors = flatten_errors(refusal.detail)
    return "; ".join(f"{e['pointer']}: {e['detail']}".removeprefix(": ") for e in errors)


@transaction.atomic
def import_line(line: Any, *, file_slugs: set[str], dropped: set[str], by: User) -> bool:
    """Import one line; False where an article of its slug or identifier exists.

    1. Validate the line, and import its photos.
    2. Publish each edition of its timeline as of the time that readers had it.
    3. Add former slugs, withdraw the article, and set embargo and expiry, where the line says so.

    Adds what was removed from its bodies to `dropped`.  Raises ValidationError and what the actions refuse.
    """
    serializer = ArticleIn(data=line)
    serializer.is_valid(raise_exception=True)
    data = serializer.validated_data
    uid, slugs = data.get("id"), [data["slug"], *data["former_slugs"]]
    if (uid and is_identifier_in_use(uid, slugs=slugs)) or is_slug_in_use(data["slug"]):
        return False
    photos = {key: get_or_import_photo(photo, key, by=by) for key, photo in data["photos"].items()}
    draft = None
    other_slugs = file_slugs - {data["slug"]}
    for at, edition, corrections in edition_timeline(data):
        fields = draft_fields(edition, photos, file_slugs=other_slugs, by=by)
        fields["social_photo"] = social_photo_of(edition, data["photos"], by=by)
        saved = edit(draft, by=by, **fields) if draft else start_draft(by, **fields)
        dropped |= set(saved.dropped)
        draft = saved if draft else assign_address(saved, slug=data["slug"], uid=uid, by=by)
        article = publish_backdated(draft, at=at, by=by, corrections=corrections).article
    for slug in data["former_slugs"]:
        add_former_slug(article, slug=slug, by=by)
    if withdrawal := data["withdrawn"]:
        at, notice = withdrawal["at"], withdrawal["notice"]
        withdraw_backdated(article, at=at, notice=notice, by=by)
    terms = {name: data[name] for name in ("embargo_until", "expires_at")}
    if any(terms.values()):
        set_imported_terms(article, by=by, **terms)
    return True


def draft_fields(
    edition: dict[str, Any], photos: dict[str, Photo], *, file_slugs: set[str], by: User
) -> dict[str, Any]:
    """The keyword arguments of `start_draft` and `edit` for one edition of a line."""
    copied = (
        "headline",
        *EDITORIAL_FIELD_NAMES,
        "summary",
        "tags",
        "poll",
        "source",
        "ai_disclosure",
        "comments",
    )
    body = edition["body_html"]
    for key, photo in photos.items():
        body = body.replace(f"{PHOTO_PATH}{key}/", f"{PHOTO_PATH}{photo.key}/")
    return {
        **draft_fields_of({name: edition[name] for name in copied}),
        "body": body,
        "section": get_or_import(Section, edition["section"], field="section", by=by),
        "authors": [
            get_or_import(Author, author, field="authors", by=by) for author in edition["authors"]
        ],
        "lead_photo": photos[edition["lead_photo"]] if edition["lead_photo"] else None,
        "lead_photo_text": own_photo_text(edition, photos),
        "related": [
            related_article(slug, file_slugs=file_slugs, by=by) for slug in edition["related"]
        ],
    }


def own_photo_text(edition: dict[str, Any], photos: dict[str, Photo]) -> dict[str, str]:
    """The text of the lead photo where it differs from the photo library's."""
    library = photo_text_of_use(photos.get(edition["lead_photo"]))
    text = edition["lead_photo_text"] or {}
    return {name: value for name, value in text.items() if value != library.get(name)}


def social_photo_of(
    edition: dict[str, Any], photos: dict[str, dict[str, Any]], *, by: User
) -> Photo | None:
    """The photo for sharing, with the text that readers had of it: of its own where `photos` of the line
    has another, since a draft has no words of its own for it."""
    key = edition["social_photo"]
    if key is None:
        return None
    return get_or_import_photo(photos[key] | (edition["social_photo_text"] or {}), key, by=by)


def get_or_import(model: Any, data: dict[str, Any], *, field: str, by: User) -> Any:
    """The section or author of this slug; created where the line holds all of it."""
    existing = model.objects.filter(slug=data["slug"]).first()
    if existing is None and "name" not in data:
        message = _("There is none called: %(names)s") % {"names": data["slug"]}
        raise ValidationError({field: message})
    return existing or import_site_object(model(**data), by=by)


def related_article(slug: str, *, file_slugs: set[str], by: User) -> Article:
    """The article of this slug, or a reserved one for a later line of the file."""
    if article := Article.objects.filter(slug=slug).first():
        return article
    if slug not in file_slugs:
        raise ValidationError({"related": _("There is none called: %(names)s") % {"names": slug}})
    return reserve_slug(slug, by=by)


def get_or_import_photo(data: dict[str, Any], key: str, *, by: User) -> Photo:
    """The photo of a line; an existing one of the same file and the same text is used again."""
    try:
        raw = base64.b64decode(data["data"], validate=True)
    except ValueError:
        raise ValidationError({"photos": {key: {"data": _("This is not base64.")}}}) from None
    text = {name: data.get(name, "") for name in ("alt", "caption", "credit")}
    digest = hashlib.sha256(raw).hexdigest()
    if existing := Photo.objects.filter(digest=digest, **text).first():
        return existing
    focus = {name: data.get(name, 0.5) for name in ("focal_x", "focal_y")}
    return import_photo(raw, by=by, name=data.get("name", ""), **text, **focus)
