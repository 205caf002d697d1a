"""Write docs/reference/events.md and event.schema.json from the table of event fields and the types of their bodies."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from zhengxie_flow.model.body import body_type
from zhengxie_flow.model.event import FIELDS, SCHEMA, Event, EventField, EventType, Form, Mode, Precision

FOLDER = Path(__file__).parents[1] / "docs" / "reference"
PAGE, JSON_SCHEMA = FOLDER / "events.md", FOLDER / "event.schema.json"

HEAD = """# Events

<!-- Written by `make reference`; change `zhengxie_flow.model.event` and `zhengxie_flow.model.body` instead. -->

An event is one entry of a case's journal: a fact in the past tense that says what changed. The table of its fields is the
declaration of `zhengxie_flow.Event`; canonical bytes, columns, JSON and this page follow from it. As JSON it is described by
[event.schema.json](event.schema.json). [The journal](../explanation/journal.md) says how events are kept.

*Since* is the schema that brought a field. The bytes under the hash of an event are those of its own schema, for ever: what
came later is not in them. New events have schema {schema}.

| field | form | column | since | under the hash | meaning |
| --- | --- | --- | --- | --- | --- |
"""


def meanings() -> dict[str, str]:
    """The meaning of each field, from the docstring of `Event`."""
    return dict(re.findall(r"^ +(\w+): (.+)$", Event.__doc__ or "", re.MULTILINE)) | {
        "precision": "Whether `occurred` is a day or an instant; derived from it."
    }


def render_page() -> str:
    """The whole page."""
    meaning = meanings()
    rows = (
        f"| `{each.name}` | {_form(each)} | `{each.column}` | {each.since} | {'yes' if each.hashed else 'no'} "
        f"| {meaning[each.name]} |\n"
        for each in FIELDS
    )
    bodies = "".join(_body(kind) for kind in EventType)
    return (
        HEAD.format(schema=SCHEMA)
        + "".join(rows)
        + "\n## Bodies\n\nA key that is not written has its default; a key in **bold** is always there. Any body may have "
        "`clock` (the time was set by hand) and `line` (the fingerprint of an imported line with personal values).\n"
        + bodies
    )


def _form(each: EventField) -> str:
    shown = {Form.WORD: "word", Form.MOMENT: "day or instant", Form.TEXTS: "list of texts", Form.BODY: "object"}
    return shown.get(each.form, each.form.value) + (", or null" if each.nullable else "")


def _body(kind: EventType) -> str:
    schema = _schema_of(kind)
    keys = [name for name in schema["properties"] if name not in ("clock", "line")]
    shown = ", ".join(f"**`{name}`**" if name in schema.get("required", ()) else f"`{name}`" for name in keys)
    return f"\n### `{kind}`\n\n{(body_type(kind).__doc__ or '').strip()}\n\nKeys: {shown or 'none'}.\n"


def _schema_of(kind: EventType) -> dict[str, Any]:
    return TypeAdapter(body_type(kind)).json_schema(ref_template="#/$defs/{model}")


def render_schema() -> str:
    """The whole JSON Schema."""
    definitions: dict[str, Any] = {}
    cases = []
    for kind in EventType:
        schema = _schema_of(kind)
        definitions |= schema.pop("$defs", {})
        definitions[body_type(kind).__name__] = schema
        body = {"$ref": f"#/$defs/{body_type(kind).__name__}"}
        cases.append({"properties": {"type": {"const": str(kind)}, "body": body}})
    meaning = meanings()
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://zhengxie-flow.example/event.schema.json",
        "title": "Event of a case's journal",
        "description": f"An event as its record says it, in schema {SCHEMA}; `hash` is not part of what is hashed.",
        "type": "object",
        "properties": {each.name: {**_type(each), "description": meaning[each.name]} for each in FIELDS},
        "required": [each.name for each in FIELDS if each.hashed],
        "additionalProperties": False,
        "oneOf": cases,
        "$defs": dict(sorted(definitions.items())),
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


WORDS = {"type": EventType, "mode": Mode, "precision": Precision}


def _type(each: EventField) -> dict[str, Any]:
    match each.form:
        case Form.WORD:
            return {"enum": [str(word) for word in WORDS[each.name]]}
        case Form.NUMBER:
            kind = "integer"
        case Form.TEXTS:
            return {"type": "array", "items": {"type": "string"}}
        case Form.BODY:
            kind = "object"
        case Form.TEXT | Form.INSTANT | Form.MOMENT:
            kind = "string"
    return {"type": [kind, "null"] if each.nullable or each.name == "hash" else kind}


if __name__ == "__main__":
    PAGE.write_text(render_page(), encoding="utf-8")
    JSON_SCHEMA.write_text(render_schema(), encoding="utf-8")
    sys.stdout.write(f"{PAGE}, {JSON_SCHEMA}\n")
