"""The rules of ninjs 3.1 for what we say in it, as JSON Schema in our own words.

From the IPTC's specification (ninjs-schema_3.1.json, IPTC, CC BY 4.0), for the members that we use: their
names, types and fixed words. Whatever has another name is refused, as there.
"""

from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

TEXT = {"type": "string"}
URI = {"type": "string", "format": "uri", "pattern": "^https?://[\\x21-\\x7e]+$"}
URN = {"type": "string", "pattern": "^urn:uuid:[0-9a-f-]{36}$"}
TIME = {"type": "string", "format": "date-time", "pattern": "(Z|[+-]\\d\\d:\\d\\d)$"}
SIZE = {"type": "integer", "minimum": 1}


def thing(needs: tuple[str, ...] = (), **members: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(needs),
        "properties": members,
    }


def many(inner: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": inner}


SAID = thing(("value",), role=TEXT, contentType=TEXT, value=TEXT)
BODY = thing(("value",), role=TEXT, contentType=TEXT, charCount=SIZE, wordCount=SIZE, value=TEXT)
NAMED = thing(name=TEXT, rel=TEXT, uri=URI, literal=TEXT)
PARTY = thing(name=TEXT, role=TEXT, uri=URI, literal=TEXT)
RENDITION = thing(
    ("name",), name=TEXT, href=URI, contentType=TEXT, title=TEXT, width=SIZE, height=SIZE
)
ITEM: dict[str, Any] = {
    "uri": URN,
    "type": {"enum": ["text", "audio", "video", "picture", "graphic", "composite", "component"]},
    "representationType": {"enum": ["full", "partial"]},
    "version": TEXT,
    "firstCreated": TIME,
    "versionCreated": TIME,
    "contentCreated": TIME,
    "pubStatus": {"enum": ["usable", "withheld", "canceled"]},
    "language": TEXT,
    "copyrightHolder": TEXT,
    "copyrightNotice": TEXT,
    "headlines": many(SAID),
    "descriptions": many(SAID),
    "bodies": many(BODY),
    "by": TEXT,
    "title": TEXT,
    "slugline": TEXT,
    "infoSources": many(PARTY),
    "subjects": many(NAMED),
    "renditions": many(RENDITION),
    "standard": thing(name=TEXT, version=TEXT, schema=URI),
    "digitalSourceType": thing(name=TEXT, uri=URI, literal=TEXT),
}
# A picture is its widest file, at its address.
ASSOCIATED = thing(("name", "uri"), rel=TEXT, **{"name": TEXT, **ITEM, "uri": URI})
RULES = thing(("uri",), **ITEM, associations=many(ASSOCIATED))
JUDGE = Draft202012Validator(RULES, format_checker=FormatChecker())


def faults_of(item: Any) -> list[str]:
    """What the standard minds of a news object."""
    return [f"{error.json_path}: {error.message}" for error in JUDGE.iter_errors(item)]
