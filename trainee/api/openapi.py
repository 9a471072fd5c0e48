"""The interface described as OpenAPI 3.1, made of the same definitions that its pages are made of."""

from typing import Any

from trainee.api.resource import MOST, USUAL, Field
from trainee.api.resources import FIGURES, RESOURCES, SCOPES
from trainee.reports import kinds

_TYPES: dict[str, dict[str, Any]] = {
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "string": {"type": "string"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "date-time": {"type": "string", "format": "date-time"},
    "strings": {"type": "array", "items": {"type": "string"}},
}
_FIGURE = (
    Field("key", "string", "The figure's name for programs."),
    Field("title", "string", "Its name for people."),
    Field("says", "string", "What it means, in a sentence."),
    Field("unit", "string", "share (0 to 1), count, hours or mean."),
    Field("least", "integer", "From how many on it is told."),
    Field("value", "number", "The figure; empty where there are too few to tell.", optional=True),
    Field("n", "number", "Of how many it was counted."),
    Field("low", "number", "The lower end of its 95 % interval, where it is a sample.", optional=True),
    Field("high", "number", "The upper end.", optional=True),
)
_REPORT = (
    Field("report", "string", "The report's key."),
    Field("title", "string", "Its name for people."),
    Field("filters", "strings", "The filters it takes."),
    Field("figures", "strings", "The keys of its figures."),
)
_REFUSALS = {
    "400": "A parameter makes no sense; the message says which.",
    "401": "There is no token, it is none of ours, it was revoked or has run out, or its maker may not read any more.",
    "403": "The token is not for that.",
    "429": "Too many calls in a minute; Retry-After says how long to wait.",
}


def document() -> dict[str, Any]:
    """The whole description."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Trainee",
            "version": "1",
            "description": "Read-only. Every call carries a token that HR or an administrator made under /api-tokens. Moments are in UTC.",
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": list(SCOPES)}],
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {
                "Refusal": _object((Field("error", "string", "One word for programs."), Field("message", "string", "A sentence for people.")))
            },
        },
        "paths": _paths(),
    }


def _paths() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, resource in RESOURCES.items():
        found[f"/{key}"] = _get(key, resource.says, _paged(resource.fields), [*_paging()])
    person = _parameter("person_id", "path", {"type": "integer"}, "The person's number.")
    one = {"type": "object", "required": ["data"], "properties": {"data": _object(RESOURCES["people"].fields)}}
    found["/people/{person_id}"] = _get("people", "One person.", one, [person], {"404": "There is no such person, or none the token may know of."})
    found["/figures"] = _get(FIGURES, "The reports that have figures, and their filters.", _listed(_REPORT), [])
    takes = sorted({name for one in kinds if one.figures for name in one.takes})
    filters = [_parameter(name, "query", {"type": "string"}, "A filter, as in the address of the report's page.") for name in takes]
    key_of = _parameter("report_key", "path", {"type": "string"}, "The report's key, as /figures lists it.")
    told = _listed(_FIGURE)
    told["required"] = ["report", "filters", "data", "as_of"]
    told["properties"] |= {"report": {"type": "string"}, "filters": {"type": "object"}, "as_of": _TYPES["date-time"]}
    found["/figures/{report_key}"] = _get(
        FIGURES, "The figures of one report, the very ones its page shows.", told, [key_of, *filters], {"404": "There is no such report."}
    )
    found["/openapi.json"] = {
        "get": {"summary": "This description.", "security": [], "responses": {"200": _answer("This description.", {"type": "object"})}}
    }
    return found


def _get(scope: str, says: str, schema: dict[str, Any], parameters: list[Any], more: dict[str, str] | None = None) -> dict[str, Any]:
    refusals = {status: _answer(words, {"$ref": "#/components/schemas/Refusal"}) for status, words in (_REFUSALS | (more or {})).items()}
    return {
        "get": {
            "summary": says,
            "security": [{"token": [scope]}],
            "parameters": parameters,
            "responses": {"200": _answer("What was asked for.", schema), **refusals},
        }
    }


def _answer(says: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": says, "content": {"application/json": {"schema": schema}}}


def _parameter(name: str, place: str, schema: dict[str, Any], says: str) -> dict[str, Any]:
    return {"name": name, "in": place, "required": place == "path", "schema": schema, "description": says}


def _paging() -> list[dict[str, Any]]:
    return [
        _parameter("cursor", "query", {"type": "string"}, "`next` of the page before; leave it out for the first."),
        _parameter("limit", "query", {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}, "How many at most."),
        _parameter("person_id", "query", {"type": "integer", "minimum": 1}, "Of this person alone."),
    ]


def _paged(fields: tuple[Field, ...]) -> dict[str, Any]:
    found = _listed(fields)
    found["required"] = ["data", "next", "as_of"]
    found["properties"] |= {"next": {"type": ["string", "null"]}, "as_of": _TYPES["date-time"]}
    return found


def _listed(fields: tuple[Field, ...]) -> dict[str, Any]:
    return {"type": "object", "required": ["data"], "properties": {"data": {"type": "array", "items": _object(fields)}}}


def _object(fields: tuple[Field, ...]) -> dict[str, Any]:
    return {
        "type": "object",
        "required": [one.name for one in fields],
        "additionalProperties": False,
        "properties": {one.name: _schema(one) | {"description": one.says} for one in fields},
    }


def _schema(one: Field) -> dict[str, Any]:
    if one.type == "objects":
        return {"type": "array", "items": _object(one.inner)}
    found = dict(_TYPES[one.type])
    return found | {"type": [found["type"], "null"]} if one.optional else found
