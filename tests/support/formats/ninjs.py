"""JSON Schema of ninjs 3.1 for the members that are used here.

From the IPTC's specification (ninjs-schema_3.1.json, IPTC, CC BY 4.0), for the members that we use: their
names, types and fixed words. Whatever has another name is refused, as there.
"""

from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

TEXT = {"type": "string"}
URI = {"type": "string", "format": "uri", "pattern": "^https?://[\\x21-\\x7e]+$"}
URN = {"type": "string", "pattern": "^urn:uuid:[0-9a-f-]{36}$"}
DATE_TIME = {"type": "string", "format": "date-time", "pattern": "(Z|[+-]\\d\\d:\\d\\d)$"}
POSITIVE_INTEGER = {"type": "integer", "minimum": 1}


def object_schema(needs: tuple[str, ...] = (), **members: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(needs),
        "properties": members,
    }


def array_schema(inner: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": inner}


TEXT_ITEM = object_schema(("value",), role=TEXT, contentType=TEXT, value=TEXT)
BODY_ITEM = object_schema(
    ("value",),
    role=TEXT,
    contentType=TEXT,
    charCount=POSITIVE_INTEGER,
    wordCount=POSITIVE_INTEGER,
    value=TEXT,
)
CONCEPT = object_schema(name=TEXT, rel=TEXT, uri=URI, literal=TEXT)
PARTY = object_schema(name=TEXT, role=TEXT, uri=URI, literal=TEXT)
RENDITION = object_schema(
    ("name",),
    name=TEXT,
    href=URI,
    contentType=TEXT,
    title=TEXT,
    width=POSITIVE_INTEGER,
    height=POSITIVE_INTEGER,
)
ITEM: dict[str, Any] = {
    "uri": URN,
    "type": {"enum": ["text", "audio", "video", "picture", "graphic", "composite", "component"]},
    "representationType": {"enum": ["full", "partial"]},
    "version": TEXT,
    "firstCreated": DATE_TIME,
    "versionCreated": DATE_TIME,
    "contentCreated": DATE_TIME,
    "pubStatus": {"enum": ["usable", "withheld", "canceled"]},
    "language": TEXT,
    "copyrightHolder": TEXT,
    "copyrightNotice": TEXT,
    "headlines": array_schema(TEXT_ITEM),
    "descriptions": array_schema(TEXT_ITEM),
    "bodies": array_schema(BODY_ITEM),
    "by": TEXT,
    "title": TEXT,
    "slugline": TEXT,
    "infoSources": array_schema(PARTY),
    "subjects": array_schema(CONCEPT),
    "renditions": array_schema(RENDITION),
    "standard": object_schema(name=TEXT, version=TEXT, schema=URI),
    "digitalSourceType": object_schema(name=TEXT, uri=URI, literal=TEXT),
}
# A picture is its widest file, at its address.
ASSOCIATION = object_schema(("name", "uri"), rel=TEXT, **{"name": TEXT, **ITEM, "uri": URI})
NINJS_SCHEMA = object_schema(("uri",), **ITEM, associations=array_schema(ASSOCIATION))
VALIDATOR = Draft202012Validator(NINJS_SCHEMA, format_checker=FormatChecker())


def ninjs_errors(item: Any) -> list[str]:
    """Schema errors of a news object."""
    return [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(item)]
