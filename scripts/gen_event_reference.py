"""Write docs/reference/events.md from the table of event fields and the types of their bodies."""

from __future__ import annotations

import inspect
import sys
from pathlib import Path
from typing import Any

from zhengxie_flow.model.body import body_type
from zhengxie_flow.model.event import FIELDS, SCHEMA, EventField, EventType, FieldForm
from zhengxie_flow.presentation.event_schema import event_schemas, meanings, schema_name

FOLDER = Path(__file__).parents[1] / "docs" / "reference"
PAGE = FOLDER / "events.md"

HEAD = """# Events

<!-- Written by `make reference`; change `zhengxie_flow.model.event` and `zhengxie_flow.model.body` instead. -->

An event is one entry of a case's journal: a fact in the past tense that says what changed. The table of its fields is the
declaration of `zhengxie_flow.Event`; canonical bytes, columns, JSON and this page follow from it. As JSON it is described in
[output.schema.json](output.schema.json), under `event`. [The journal](../explanation/journal.md) says how events are kept.

*Since* is the schema that brought a field. The bytes under the hash of an event are those of its own schema, for ever: what
came later is not in them. New events have schema {schema}.

| field | form | column | since | under the hash | meaning |
| --- | --- | --- | --- | --- | --- |
"""


def render_page() -> str:
    """The whole page."""
    meaning = meanings()
    rows = (
        f"| `{event_field.name}` | {_form(event_field)} | `{event_field.column}` | {event_field.since} | {'yes' if event_field.hashed else 'no'} "
        f"| {meaning[event_field.name]} |\n"
        for event_field in FIELDS
    )
    schemas = event_schemas()
    bodies = "".join(_body(kind, schemas) for kind in EventType)
    named = {"event", *(schema_name(body_type(kind).__name__) for kind in EventType)}
    parts = "".join(_part(name, schema) for name, schema in schemas.items() if name not in named)
    return (
        HEAD.format(schema=SCHEMA)
        + "".join(rows)
        + "\n## Bodies\n\nA key that is not written has its default; a key in **bold** is always there. Any body may have "
        '`clock` (`"fixed"`: the time was set by hand; `{"back": reason}`: it lay before what the case had recorded last) and '
        "`line` (the fingerprint of an imported line with personal values). The schema of each body and of each part stands in "
        "[output.schema.json](output.schema.json).\n" + bodies + "\n## Parts of bodies\n" + parts
    )


def _form(event_field: EventField) -> str:
    shown = {
        FieldForm.WORD: "word",
        FieldForm.MOMENT: "day or instant",
        FieldForm.TEXTS: "list of texts",
        FieldForm.BODY: "object",
    }
    return shown.get(event_field.form, event_field.form.value) + (", or null" if event_field.nullable else "")


def _body(kind: EventType, schemas: dict[str, Any]) -> str:
    body = body_type(kind)
    return f"\n### `{kind}`\n\n{_text(body.__doc__ or '')}\n\nSchema: `#/$defs/{schema_name(body.__name__)}`.\n{_keys(schemas[schema_name(body.__name__)])}"


def _part(name: str, schema: dict[str, Any]) -> str:
    return f"\n### `{name}`\n\n{_text(schema.get('description', ''))}\n{_keys(schema)}"


def _keys(schema: dict[str, Any]) -> str:
    """A table of the keys of a schema; a list of values where it has none."""
    keys = {name: part for name, part in schema.get("properties", {}).items() if name not in ("clock", "line")}
    if not keys:
        return f"\n{_type(schema)}\n" if "enum" in schema else ""
    rows = (
        f"| {f'**`{name}`**' if name in schema.get('required', ()) else f'`{name}`'} | {_type(part)} |\n"
        for name, part in keys.items()
    )
    return "\n| key | value |\n| --- | --- |\n" + "".join(rows)


def _type(schema: Any) -> str:
    """What a value may be, in words."""
    match schema:
        case {"$ref": str() as target}:
            name = target.rpartition("/")[2]
            return f"[{name}](#{name})"
        case {"anyOf": list() as parts}:
            return " or ".join(_type(part) for part in parts)
        case {"enum": list() as values}:
            return ", ".join(f"`{value}`" for value in values)
        case {"const": value}:
            return f"`{value}`"
        case {"type": "array", "items": items}:
            return f"list of: {_type(items)}"
        case {"type": "object", "additionalProperties": dict() as values}:
            return f"object, each value: {_type(values)}"
        case {"type": "string", "format": form}:
            return {"date": "day", "date-time": "instant"}.get(form, form)
        case {"type": str() as kind}:
            return {"string": "text", "boolean": "true or false", "integer": "number"}.get(kind, kind)
    return "any value"


def _text(docstring: str) -> str:
    return inspect.cleandoc(docstring).replace("``", "`")


if __name__ == "__main__":
    PAGE.write_text(render_page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE}\n")
