"""What every operation of the OpenAPI document has in common: its problems and its headers."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from registry.api.problems import MEDIA_TYPE

IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description='The ETag of the version that you saw (for example `"7"`), or `*`.',
)
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Printable characters, at most 200. A repetition within 24 hours is answered with "
    "the first answer and the header `Idempotent-Replay: true`.",
)
CURSOR = OpenApiParameter("cursor", str, description="From `next` or `previous` of another page.")
PAGE_SIZE = OpenApiParameter("page_size", int, description="1 to 200; 50 if absent.")
LANGUAGE = OpenApiParameter(
    "Accept-Language", str, OpenApiParameter.HEADER, description="en, fr, es or ar."
)
PDF = OpenApiResponse(bytes, description="A PDF.")
NOTHING = OpenApiResponse(description="Done; nothing to say.")

PROBLEM = {
    "type": "object",
    "description": "Problem details (RFC 9457).",
    "required": ["type", "title", "status", "detail", "instance", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string", "description": "The status in words."},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong and how to mend it."},
        "instance": {"type": "string", "description": "The address asked for."},
        "code": {"type": "string", "description": "For programs: what is wrong."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "pointer", "detail"],
                "properties": {
                    "field": {"type": "string"},
                    "pointer": {"type": "string", "description": "A JSON pointer to the field."},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}
READING = {
    "400": "The query cannot be understood.",
    "401": "Not signed in, or the token is unknown, expired or revoked.",
    "403": "You may see this but not do that.",
    "404": "There is nothing here, or nothing that you may see.",
    "406": "Only JSON is spoken here.",
    "409": "Not possible in the present status.",
    "429": "Too many calls this minute; see Retry-After.",
}
WRITING = {
    "412": "Changed since the version in If-Match.",
    "413": "The body is too large.",
    "415": "The media type is not taken here.",
    "422": "The Idempotency-Key was used for another request.",
    "428": "If-Match is missing.",
}


def add_problems(
    result: dict[str, Any], generator: Any, request: Any, public: bool
) -> dict[str, Any]:
    """Give every operation the problems that it may answer with."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    reference = {"$ref": "#/components/schemas/Problem"}
    for operations in result["paths"].values():
        for method, operation in operations.items():
            for status, meaning in (READING if method == "get" else READING | WRITING).items():
                content = {MEDIA_TYPE: {"schema": reference}}
                operation["responses"].setdefault(
                    status, {"description": meaning, "content": content}
                )
    return result


OF_THE_DATABASE = {32_767, 2_147_483_647, 9_223_372_036_854_775_807}


def leave_out_limits_of_the_database(
    result: dict[str, Any], generator: Any, request: Any, public: bool
) -> dict[str, Any]:
    """What one database's whole numbers can hold is no promise, and differs between databases."""
    for schema in result["components"]["schemas"].values():
        for described in schema.get("properties", {}).values():
            if described.get("type") in ("integer", ["integer", "null"]):
                if described.get("maximum") in OF_THE_DATABASE:
                    del described["maximum"]
                if -described.get("minimum", 0) - 1 in OF_THE_DATABASE:
                    del described["minimum"]
                described.pop("format", None)
    return result
