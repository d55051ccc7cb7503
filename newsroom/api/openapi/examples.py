"""Examples of the OpenAPI document, in Korean. Pure.

Request bodies are written out, since people copy them. Responses are generated from their schemas.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from newsroom.api.openapi.legal_examples import LEGAL_MEMBERS, LEGAL_REQUEST_BODIES
from newsroom.api.openapi.moderation_examples import MODERATION_RESPONSES
from newsroom.api.openapi.wire_examples import WIRE_REQUEST_BODIES

Schema = dict[str, Any]
NOW, SOON, ONE_DAY = (
    "2026-11-22T09:00:00+09:00",
    "2026-11-23T06:00:00+09:00",
    "2026-11-30T18:00:00+09:00",
)
SITE = "https://news.example.com"
SLUG = "연구실-로봇-스스로-문을-열다"
ARTICLE_URL = f"{SITE}/articles/{quote(SLUG)}/"
EXAMPLE_CORRECTION = {"kind": "correction", "note": "로봇의 키를 120cm에서 102cm로 고쳤습니다."}
EXAMPLE_PHOTO = {
    "alt": "문 앞에 선 로봇",
    "caption": "시험실 복도에서 손잡이를 잡은 로봇.",
    "credit": "뉴스룸",
    "focal_x": 0.5,
    "focal_y": 0.4,
}
EXAMPLE_SENTENCE = "손잡이를 돌리기까지 석 달이 걸렸다"
EXAMPLE_DRAFT: dict[str, Any] = {
    "headline": "연구실 로봇, 스스로 문을 열다",
    "summary": ["로봇이 손잡이를 돌렸다", "문은 생각보다 무거웠다", "다음 시험은 계단이다"],
    "body_html": "<p>로봇은 잠시 멈춰 섰습니다.</p>",
    "section": "산업",
    "authors": ["한빛"],
    "tags": ["로봇", "연구"],
    "lead_photo_text": {"caption": "시험을 마치고 복도에 선 로봇."},
    "poll": {
        "question": "로봇에게 문을 맡겨도 될까?",
        "sides": [
            {"key": "pro", "label": "찬성", "argument": "손이 비니까요."},
            {"key": "con", "label": "반대", "argument": "문이 무서워하니까요."},
        ],
    },
    "notes": "사진은 저녁에 옵니다.",
}
IDENTIFIER = "urn:uuid:6f1d7a52-93cb-4b0e-8d1c-0f6b9a3f2c47"
EXAMPLE_BUNDLE_DRAFTS = [{"id": 12, "version": 3}, {"id": 15}]
# Request bodies by the name of their schema.
EXAMPLE_REQUEST_BODIES: dict[str, Any] = {
    "BundleInRequest": {"title": "저녁 여섯 시 특집", "at": SOON, "drafts": EXAMPLE_BUNDLE_DRAFTS},
    "CommentInRequest": {"text": "잘 읽었습니다."},
    "DraftInRequest": EXAMPLE_DRAFT,
    "MeInRequest": {"nickname": "새벽산책"},
    "MoveInRequest": {"at": SOON},
    "NoteInRequest": {"note": "둘째 문단의 숫자를 다시 확인해 주세요."},
    "NoticeInRequest": {"notice": "사실과 다른 부분이 있어 기사를 내렸습니다."},
    "PhotoChangeRequest": EXAMPLE_PHOTO,
    "PhotoInRequest": {"file": "robot.jpg", **EXAMPLE_PHOTO},
    "PreviewInRequest": {"days": 7},
    "PublishInRequest": {"correction": EXAMPLE_CORRECTION},
    "ReactionInRequest": {"value": "like"},
    "ReportInRequest": {"reason": "abuse", "note": "사람을 깎아내리는 말입니다."},
    "RestoreInRequest": {"fields": ["headline", "body_html"]},
    "ScheduleInRequest": {"at": SOON},
    "StoriesInRequest": {"drafts": EXAMPLE_BUNDLE_DRAFTS},
    "TakeOutInRequest": {"release": 31},
    "TextInRequest": {"text": "다시 읽고 고쳐 씁니다."},
    "VoteInRequest": {"side": "pro"},
    **LEGAL_REQUEST_BODIES,
    **WIRE_REQUEST_BODIES,
}
# Values in responses by the name of the member.
EXAMPLE_BY_MEMBER: dict[str, Any] = {
    "headline": EXAMPLE_DRAFT["headline"],
    "summary": EXAMPLE_DRAFT["summary"],
    "id": IDENTIFIER,  # where it is not a number
    "slug": SLUG,
    "article": SLUG,
    "former_slugs": ["연구실-로봇-문-열다"],
    "name": "한빛",
    "title": "기자",
    "role": "편집",
    "bio": "로봇과 사람이 만나는 곳을 씁니다.",
    "persona": "부키",
    "body_html": EXAMPLE_DRAFT["body_html"],
    "dropped": ["iframe"],
    "changed": ["headline", "body_html"],
    "pointer": "/body_html",
    "saved_by": "나래",
    "missing": [],
    "snippet": "연구실 <mark>로봇</mark>, 스스로 문을 열다",
    "alt": EXAMPLE_PHOTO["alt"],
    "caption": EXAMPLE_PHOTO["caption"],
    "credit": EXAMPLE_PHOTO["credit"],
    "placeholder": "data:image/webp;base64,UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoBAAEAAkA4JaQAA3AA/vuUAAA=",
    "path": "photos/k3Jq9-tZ0aPxWm2B",
    "type": "image/jpeg",
    "question": "로봇에게 문을 맡겨도 될까?",
    "label": "찬성",
    "argument": "손이 비니까요.",
    "share": 62,
    "nickname": "새벽산책",
    "text": "잘 읽었습니다.",
    "note": EXAMPLE_CORRECTION["note"],
    "notes": "사진은 저녁에 옵니다.",
    "notice": EXAMPLE_REQUEST_BODIES["NoticeInRequest"]["notice"],
    "reason": "이 주소는 이미 다른 기사가 쓰고 있습니다.",
    "words": "예약한 기사를 내보내지 못했습니다.",
    "suspension_reason": "",
    "problems": ["사진이 없습니다."],
    "state_words": "쓰는 중",
    "description": EXAMPLE_SENTENCE,
    "section": "산업",
    "tags": EXAMPLE_DRAFT["tags"],
    "greeting": "문을 여는 뉴스룸입니다.",
    "address": "서울시 시험구 로봇로 1",
    "company": "뉴스룸",
    "publisher": "한빛",
    "editor": "나래",
    "youth_officer": "나래",
    "registration_number": "서울 아00000",
    "phone": "02-000-0000",
    "copyright": "© 뉴스룸",
    **dict.fromkeys(
        ("created_by", "changed_by", "planned_by", "approved_by", "uploaded_by"), "나래"
    ),
    "email": "hanbit@example.com",
    "tip_address": "tip@example.com",
    "agency": "시험통신",
    "source": "yonhap",
    "places": ["서울"],
    "marks": ["2보"],
    "paragraphs": ["로봇은 잠시 멈춰 섰다."],
    "rights": "재배포 금지",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "width": 1280,
    "height": 800,
    "edition": 2,
    "number": 2,
    "comments": 12,
    "saves": 30,
    "votes": 58,
    "total_votes": 94,
    "views": 1204,
    "link": "/admin/desk/release/31/change/",
    **LEGAL_MEMBERS,
}


def register_text_examples(examples: Mapping[str, str]) -> None:
    """Add examples of editorial text fields, behind the headline; articles registers them."""
    rest = {name: EXAMPLE_DRAFT.pop(name) for name in list(EXAMPLE_DRAFT) if name != "headline"}
    EXAMPLE_DRAFT.update({**examples, **rest})
    EXAMPLE_BY_MEMBER.update(examples)


EXAMPLE_RENDITION = {
    "url": f"{SITE}/media/photos/k3Jq9-tZ0aPxWm2B/1280.jpg",
    "width": 1280,
    "height": 800,
    "type": "image/jpeg",
}
# Responses that member names do not determine, by the name of the schema.
EXAMPLE_RESPONSES: dict[str, Any] = {
    **MODERATION_RESPONSES,
    "AIDisclosureOut": {"kind": "assisted", "note": "초안을 다듬는 데 썼습니다."},
    "CorrectionOut": {**EXAMPLE_CORRECTION, "at": NOW},
    "PhotoFailureOut": {
        "code": "not_a_photo",
        "detail": "온전한 JPEG·PNG·WebP·GIF·HEIC·AVIF·TIFF·BMP 사진이 아닙니다.",
    },
    "BylineOut": {"slug": "한빛", "name": "한빛", "role": "편집", "title": "기자"},
    "PersonaOut": {"name": "부키", "avatar": f"{SITE}/static/pages/booki.svg"},
    "PictureFileOut": EXAMPLE_RENDITION,
    "DeskPhotoOut": {
        "id": 1,
        "version": 1,
        "title": "robot.jpg",
        **EXAMPLE_PHOTO,
        "state": "ready",
        "failure": None,
        "width": 1280,
        "height": 800,
        "placeholder": EXAMPLE_BY_MEMBER["placeholder"],
        "public": True,
        "path": "/media/photos/k3Jq9-tZ0aPxWm2B/1280.jpg",
        "sources": [EXAMPLE_RENDITION],
        "uploaded_at": NOW,
        "uploaded_by": "나래",
    },
    "ReportOut": {
        "comment": 12,
        "reason": "abuse",
        "note": "사람을 깎아내리는 말입니다.",
        "reported_at": NOW,
    },
    "SeoOut": {
        "canonical": ARTICLE_URL,
        "title": EXAMPLE_DRAFT["headline"],
        "description": EXAMPLE_SENTENCE,
        "robots": "max-image-preview:large",
        "open_graph": {
            "og:type": "article",
            "og:url": ARTICLE_URL,
            "og:title": EXAMPLE_DRAFT["headline"],
        },
        "json_ld": {"@context": "https://schema.org", "@type": "NewsArticle", "url": ARTICLE_URL},
    },
    "SourceOut": {
        "name": "시험통신",
        "url": "https://example.com/robot",
        "credit": "시험통신 제공",
    },
    "NamedOut": {"slug": "산업", "name": "산업"},
    "SuggestionsOut": {"results": ["로봇", "로봇청소기"]},
}
EXAMPLE_NINJS = {
    "uri": IDENTIFIER,
    "standard": {
        "name": "ninjs",
        "version": "3.1",
        "schema": "https://www.iptc.org/std/ninjs/ninjs-schema_3.1.json",
    },
    "type": "text",
    "pubStatus": "usable",
    "language": "ko",
    "version": "1",
    "firstCreated": NOW,
    "versionCreated": NOW,
    "headlines": [{"role": "main", "value": "연구실 로봇, 스스로 문을 열다"}],
    "renditions": [{"name": "web", "href": ARTICLE_URL, "contentType": "text/html"}],
}
EXAMPLE_BY_FORMAT = {
    "date-time": NOW,
    "date": "2026-11-22",
    "email": "hanbit@example.com",
    "uri": ARTICLE_URL,
}
EXAMPLE_NEXT_PAGE = f"{SITE}/api/v1/articles/?cursor=b2xkZXI"
PAGE_LINKS = {"next": EXAMPLE_NEXT_PAGE, "previous": None}
MIN_NUMBERS = {"number": 0.5, "integer": 1, "boolean": False}
NULL_SCHEMA = {"type": "null"}


def example_of(schema: Schema, schemas: dict[str, Schema], name: str = "") -> Any:
    """A complete example of a schema.

    `schemas`: the schemas of the document by name; `name`: the member in which the value is.
    """
    if "$ref" in schema:
        component = schema["$ref"].rpartition("/")[2]
        return (
            EXAMPLE_REQUEST_BODIES.get(component)
            or EXAMPLE_RESPONSES.get(component)
            or example_of(schemas[component], schemas, name)
        )
    for keyword in ("oneOf", "anyOf", "allOf"):
        if keyword in schema:
            choice = next(choice for choice in schema[keyword] if choice != NULL_SCHEMA)
            return example_of(choice, schemas, name)
    if "enum" in schema:
        return next(value for value in schema["enum"] if value not in {None, ""})
    return example_of_type(schema, schemas, name)


def example_of_type(schema: Schema, schemas: dict[str, Schema], name: str) -> Any:
    type_name = schema_type(schema)
    if name in PAGE_LINKS:
        return PAGE_LINKS[name]
    if type_name == "object":
        return {
            member: example_of(member_schema, schemas, member)
            for member, member_schema in schema.get("properties", {}).items()
        }
    example = EXAMPLE_BY_MEMBER.get(name)
    if type_name == "array":
        items = schema["items"]
        is_text_list = isinstance(example, list) and items.get("type") == "string"
        return example if is_text_list else [example_of(items, schemas, name)]
    if type_name == "string":
        return example_string(schema, name)
    if isinstance(example, int):
        return example
    return max(MIN_NUMBERS[type_name], schema.get("minimum", 0))


def schema_type(schema: Schema) -> str:
    """The JSON type of a schema; of several the one that is not null."""
    type_ = schema.get("type", "object")
    return type_ if isinstance(type_, str) else next(name for name in type_ if name != "null")


def example_string(schema: Schema, name: str) -> str:
    if example := EXAMPLE_BY_FORMAT.get(schema.get("format", "")):
        return example
    text = EXAMPLE_BY_MEMBER.get(name, "")
    return text[0] if isinstance(text, list) else str(text)
