"""Write docs/reference/events.md from the table of event fields and the types of their bodies."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from zhengxie_flow.model.body import body_type
from zhengxie_flow.model.event import FIELDS, SCHEMA, EventField, EventType, FieldForm
from zhengxie_flow.presentation.event_schema import meanings

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
    bodies = "".join(_body(kind) for kind in EventType)
    return (
        HEAD.format(schema=SCHEMA)
        + "".join(rows)
        + "\n## Bodies\n\nA key that is not written has its default; a key in **bold** is always there. Any body may have "
        '`clock` (`"fixed"`: the time was set by hand; `{"back": reason}`: it lay before what the case had recorded last) and '
        "`line` (the fingerprint of an imported line with personal values).\n" + bodies
    )


def _form(event_field: EventField) -> str:
    shown = {
        FieldForm.WORD: "word",
        FieldForm.MOMENT: "day or instant",
        FieldForm.TEXTS: "list of texts",
        FieldForm.BODY: "object",
    }
    return shown.get(event_field.form, event_field.form.value) + (", or null" if event_field.nullable else "")


def _body(kind: EventType) -> str:
    schema = _schema_of(kind)
    keys = [name for name in schema["properties"] if name not in ("clock", "line")]
    shown = ", ".join(f"**`{name}`**" if name in schema.get("required", ()) else f"`{name}`" for name in keys)
    return f"\n### `{kind}`\n\n{(body_type(kind).__doc__ or '').strip()}\n\nKeys: {shown or 'none'}.\n"


def _schema_of(kind: EventType) -> dict[str, Any]:
    return TypeAdapter(body_type(kind)).json_schema(ref_template="#/$defs/{model}")


if __name__ == "__main__":
    PAGE.write_text(render_page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE}\n")
