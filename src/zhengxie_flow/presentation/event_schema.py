"""The JSON Schema of events, from the table of their fields and the types of their bodies."""

from __future__ import annotations

import re
from typing import Any, Final

from pydantic import TypeAdapter

from zhengxie_flow.model.body import body_type
from zhengxie_flow.model.event import FIELDS, Event, EventField, EventType, FieldForm, Mode, Precision

Schema = dict[str, Any]

_WORDS: Final = {"type": EventType, "mode": Mode, "precision": Precision}
_INSTANT: Final = {"type": "string", "format": "date-time"}


def meanings() -> dict[str, str]:
    """Give the meaning of each field, from the docstring of `Event`."""
    described = dict(re.findall(r"^ +(\w+): (.+)$", Event.__doc__ or "", re.MULTILINE))
    return described | {"precision": "The precision of `occurred`, from which it follows."}


def event_schemas() -> dict[str, Schema]:
    """Describe the document of an event under the name ``event``, and every part of its bodies under its own."""
    meaning, schemas = meanings(), dict[str, Schema]()
    kinds = []
    for kind in EventType:
        name = schema_name(body_type(kind).__name__)
        parts = _referring(TypeAdapter(body_type(kind)).json_schema(ref_template="#/$defs/{model}"))
        schemas |= {schema_name(part): schema for part, schema in parts.pop("$defs", {}).items()}
        schemas[name] = parts
        holds = {"if": {"properties": {"type": {"const": str(kind)}}}}
        kinds.append({**holds, "then": {"properties": {"body": {"$ref": f"#/$defs/{name}"}}}})
    event = {
        "description": "One entry of the journal of a case: what is under its hash, and the hash.",
        "type": "object",
        "properties": {field.name: {**_type(field), "description": meaning[field.name]} for field in FIELDS},
        "required": [field.name for field in FIELDS],
        "allOf": kinds,
    }
    return {"event": event, **dict(sorted(schemas.items()))}


def _type(field: EventField) -> Schema:
    match field.form:
        case FieldForm.WORD:
            return {"enum": [str(word) for word in _WORDS[field.name]]}
        case FieldForm.NUMBER:
            kind = "integer"
        case FieldForm.TEXTS:
            return {"type": "array", "items": {"type": "string"}}
        case FieldForm.BODY:
            kind = "object"
        case FieldForm.INSTANT:
            return dict(_INSTANT)
        case FieldForm.TEXT | FieldForm.MOMENT:
            kind = "string"
    return {"type": [kind, "null"]} if field.nullable or field.name in ("hash", "previous_hash") else {"type": kind}


def _referring(schema: Any) -> Any:
    """Rewrite the references of a schema to the names under which its parts are defined."""
    match schema:
        case dict():
            return {
                key: f"#/$defs/{schema_name(value.rpartition('/')[2])}" if key == "$ref" else _referring(value)
                for key, value in schema.items()
            }
        case list():
            return [_referring(entry) for entry in schema]
    return schema


def schema_name(name: str) -> str:
    """Return the schema name of a body or of a part of one, prefixed so that it clashes with no other document."""
    return "event_" + re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
