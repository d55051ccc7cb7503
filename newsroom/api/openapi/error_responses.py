"""OpenAPI components of error responses and redirects by status, and of shared headers. Pure.

Every error is a problem document (RFC 9457); the examples are in Korean, the default language.
"""

from http import HTTPStatus
from typing import Any

PROBLEM_TYPE = "application/problem+json"
PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457. `code` is stable and for programs, `detail` is for people.",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "errors": {
            "type": "array",
            "description": "For bad input: where, as a JSON pointer, and what is wrong.",
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": {"pointer": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
}
# Status: description; code and detail of the example.
ERROR_MEANINGS: dict[int, tuple[str, str, str]] = {
    400: (
        "What was sent cannot be used: unknown, repeated or malformed parameters or fields, each named.",
        "invalid",
        "입력이 올바르지 않습니다.",
    ),
    401: (
        "Nobody is signed in, or what signs in is wrong or over; `WWW-Authenticate` says how else.",
        "not_authenticated",
        "로그인이 필요합니다.",
    ),
    403: (
        "This is not allowed to whoever asks, or comes from a page of another site.",
        "not_allowed",
        "이 역할로는 할 수 없는 일입니다. 편집자나 편집장에게 부탁해 주세요.",
    ),
    404: (
        "Nothing readers can open is there; what is planned is not there either.",
        "not_found",
        "이 주소에는 아무것도 없습니다.",
    ),
    408: (
        "The body took too long to arrive; the connection ends.",
        "request_timeout",
        "요청이 너무 느리게 도착해 받지 못했습니다. 다시 보내 주세요.",
    ),
    409: (
        "It cannot be done as things stand; the sentence says the way out.",
        "refused",
        "지금은 할 수 없는 일입니다.",
    ),
    410: (
        "The article was withdrawn. `detail` is its notice, `withdrawn_at` says when.",
        "withdrawn",
        "사실과 다른 부분이 있어 기사를 내렸습니다.",
    ),
    412: (
        "It was changed since it was read. Read it again, then decide.",
        "edited_elsewhere",
        "그사이 다른 사람이 고쳤습니다. 다시 읽고 나서 정해 주세요.",
    ),
    413: (
        "It is larger than is taken here.",
        "too_large",
        "요청이 너무 큽니다. 여기서는 최대 64 kB까지 받습니다.",
    ),
    415: (
        "The body is of a type that is not taken here.",
        "unsupported_media_type",
        "이 형식은 받지 않습니다.",
    ),
    422: (
        "Something is still missing, or does not fit together.",
        "not_ready",
        "아직 빠진 것이 있습니다.",
    ),
    423: (
        "Somebody else is changing the story; `holder` and `since` say who, and since when.",
        "locked",
        "김서윤 님이 6월 8일 6:42부터 이 원고를 고치고 있습니다. 기다리거나 넘겨받아 주세요.",
    ),
    428: (
        "Send `If-Match` with the ETag of what you have read.",
        "precondition_required",
        "읽은 것의 ETag를 If-Match에 담아 보내 주세요.",
    ),
    429: (
        "Too many requests; `Retry-After` says how many seconds to wait.",
        "throttled",
        "요청이 너무 많습니다. 잠시 뒤에 다시 해 주세요.",
    ),
    501: (
        "This is not offered in the format asked for.",
        "not_implemented",
        "이 형식으로는 드리지 않습니다.",
    ),
    503: (
        "A server that is needed does not answer; `Retry-After` says how many seconds to wait.",
        "unavailable",
        "필요한 서버가 잠시 답하지 않습니다. 몇 초 뒤에 다시 해 주세요.",
    ),
    507: (
        "Nothing was saved: the disk is full or cannot be written.",
        "storage_full",
        "저장하지 못했습니다. 디스크가 가득 찼거나 쓸 수 없습니다.",
    ),
}
LOCATION_HEADER = {"description": "Where it is now.", "schema": {"type": "string"}}
ETAG_HEADER = {
    "description": "Strong; changes when, and only when, the bytes do.",
    "schema": {"type": "string"},
}
CACHE_CONTROL_HEADER = {
    "description": "For how long caches may keep it; it ends before the next planned change.",
    "schema": {"type": "string"},
    "example": "public, max-age=0, s-maxage=1, stale-while-revalidate=1",
}
RETRY_AFTER_HEADER = {"description": "Seconds to wait.", "schema": {"type": "integer"}}
RATELIMIT_HEADER = {
    "description": "What is left of the policy (draft-ietf-httpapi-ratelimit-headers-10).",
    "schema": {"type": "string"},
    "example": '"vote";r=0;t=42',
}
RATELIMIT_POLICY_HEADER = {
    "description": "How many requests (`q`) in how many seconds (`w`).",
    "schema": {"type": "string"},
    "example": '"vote";q=600;w=60',
}
WWW_AUTHENTICATE_HEADER = {"description": "How to sign in.", "schema": {"type": "string"}}
SHARED_HEADERS: dict[str, dict[str, Any]] = {
    "ETag": ETAG_HEADER,
    "Cache-Control": CACHE_CONTROL_HEADER,
    "RateLimit": RATELIMIT_HEADER,
    "RateLimit-Policy": RATELIMIT_POLICY_HEADER,
}
ERROR_HEADERS: dict[int, dict[str, Any]] = {
    401: {"WWW-Authenticate": WWW_AUTHENTICATE_HEADER},
    429: {
        "Retry-After": RETRY_AFTER_HEADER,
        "RateLimit": RATELIMIT_HEADER,
        "RateLimit-Policy": RATELIMIT_POLICY_HEADER,
    },
    503: {"Retry-After": RETRY_AFTER_HEADER},
}
BODYLESS_RESPONSES: dict[int, dict[str, Any]] = {
    301: {
        "description": "The article has another address now.",
        "headers": {"Location": LOCATION_HEADER},
    },
    304: {"description": "What you have is still it.", "headers": {"ETag": ETAG_HEADER}},
}


def response_component_name(status: int) -> str:
    """The component name of a status: 404 is NotFound."""
    return HTTPStatus(status).phrase.title().replace(" ", "")


def header_references(*names: str) -> dict[str, dict[str, str]]:
    """References to these shared headers."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def response_reference(status: int) -> dict[str, str]:
    """A reference to the response component of a status."""
    return {"$ref": f"#/components/responses/{response_component_name(status)}"}


def error_response_component(status: int) -> dict[str, Any]:
    """The response component of a status: description, headers and example."""
    if status in BODYLESS_RESPONSES:
        return BODYLESS_RESPONSES[status]
    description, code, detail = ERROR_MEANINGS[status]
    example = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
    }
    content = {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}
    return {
        "description": description,
        "headers": ERROR_HEADERS.get(status, {}),
        "content": {PROBLEM_TYPE: content},
    }
