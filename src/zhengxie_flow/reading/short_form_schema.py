"""JSON Schema of the short forms of process files, set into the schema of the words they are expanded to."""

from __future__ import annotations

from typing import Any, Final

from zhengxie_flow.i18n import LANGUAGES, label
from zhengxie_flow.i18n.catalogue import texts
from zhengxie_flow.model.process import CONDITION
from zhengxie_flow.model.values import TYPES

Schema = dict[str, Any]

_TEXT: Final[Schema] = {"type": "string", "minLength": 1, "maxLength": 20_000}
_NULL: Final[Schema] = {"type": "null"}
_SPAN: Final[Schema] = {"type": "string", "pattern": r"^[a-z][a-z0-9_.]*\.\.[a-z][a-z0-9_.]*$"}
_SECTIONS = ("roles", "facts", "items", "states", "subcases", "actions", "obligations", "exemptions")
_SHORT_SECTIONS = ("requirements", "publications", "expected")
_GATE_SECTIONS = {"finding": "facts", "determined": "requirements", "acts": "obligations", "conduct": "requirements"}


def with_short_forms(schema: Schema, short: Schema) -> Schema:
    """Return the schema of a process that takes the short forms too.

    Args:
        schema: of the process in full.
        short: of what the short forms add to it.
    """
    definitions = {**schema["$defs"], **short["$defs"]}
    _entries(definitions)
    properties = {**schema["properties"], **short["properties"]}
    properties |= {name: _section(properties[name], name) for name in ("roles", "facts", "states")}
    requirement = _ref("Requirement")
    properties["requirements"] = properties["requirements"] | {"additionalProperties": requirement}
    properties["expected"] = properties["expected"] | {"additionalProperties": _ref("Expectation")}
    properties["publications"] = properties["publications"] | {"additionalProperties": _ref("Publication")}
    definitions["ItemType"]["properties"] |= {
        name: _section(definitions["ItemType"]["properties"][name], kind)
        for name, kind in (("fields", "fields"), ("states", "states"))
    }
    group = definitions["ArticleGroup"]["properties"]
    group |= {name: _unbounded(properties[name]) for name in (*_SECTIONS, *_SHORT_SECTIONS)}
    gate = definitions["Gate"]["properties"]
    gate |= {name: _unbounded(properties[kind]) for name, kind in _GATE_SECTIONS.items()}
    gate["acts"] = gate["acts"] | {"additionalProperties": _ref("GateAct")}
    gate |= {
        name: gate[name] | {"additionalProperties": {"anyOf": [_TEXT, requirement]}}
        for name in ("determined", "conduct")
    }
    whole = schema | {"properties": properties, "$defs": definitions}
    for holder in (properties, group, gate, definitions["Elements"]["properties"]):
        _hovered(holder)
    return whole


def vocabulary_with_short_forms(schema: Schema) -> Schema:
    """Return the schema of a vocabulary whose entries take the short forms too."""
    definitions = dict(schema["$defs"])
    _values(definitions)
    properties = dict(schema["properties"])
    properties["roles"] = _section(properties["roles"], "states")
    values = properties["values"]["additionalProperties"]
    named = values | {"additionalProperties": {"anyOf": [_TEXT, _ref("Labelled")]}}
    properties["values"] = properties["values"] | {"additionalProperties": named}
    return schema | {"properties": properties, "$defs": definitions}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _unbounded(section: Schema) -> Schema:
    return {key: value for key, value in section.items() if key != "minProperties"}


def _section(section: Schema, kind: str) -> Schema:
    """A section whose entries may be left to the vocabulary, or written as a label alone."""
    entry = section["additionalProperties"]
    shared = (_ref("SharedEntry"), _NULL)
    forms = {"roles": (_TEXT, _NULL), "facts": shared, "fields": (*shared, {"const": "required"}), "states": (_TEXT,)}
    others = forms[kind]
    return section | {"additionalProperties": {"anyOf": [entry, *others]}}


def _values(definitions: dict[str, Schema]) -> None:
    """Types of values: the type as the key of the label, lists open at their end, labels written alone."""
    kind = definitions["ValueType"]
    properties = {**kind["properties"], "open": _open()}
    properties |= dict.fromkeys(TYPES, _TEXT)
    of = properties["of"]
    forms = [
        choice | {"additionalProperties": {"anyOf": [_TEXT, _ref("Labelled")]}}
        if choice.get("type") == "object"
        else choice
        for choice in of["anyOf"]
    ]
    properties["of"] = of | {"anyOf": forms}
    _hovered(properties)
    typed = [{"required": [word]} for word in ("type", *TYPES)]
    body = {key: value for key, value in kind.items() if key not in ("required", "properties")}
    definitions["ValueType"] = body | {"properties": properties, "oneOf": typed}


def _entries(definitions: dict[str, Schema]) -> None:
    _values(definitions)
    shared = definitions["ValueType"]
    untyped = {name: value for name, value in shared["properties"].items() if name not in ("type", "zh", *TYPES)}
    definitions["SharedEntry"] = {
        "type": "object",
        "description": "An entry that the vocabulary holds, with what it says for itself.",
        "properties": untyped,
        "additionalProperties": False,
        "minProperties": 1,
    }
    for name in ("Action", "Subcase"):
        properties = definitions[name]["properties"]
        fields = properties["with"]
        entry = fields["additionalProperties"]
        properties["with"] = fields | {
            "additionalProperties": {"anyOf": [entry, _ref("SharedEntry"), {"const": "required"}, _NULL]}
        }
    for name in ("Action", "Move"):
        properties = definitions[name]["properties"]
        written = properties["from"]
        listed = [
            choice | {"items": {"anyOf": [choice["items"], _SPAN]}} if choice.get("type") == "array" else choice
            for choice in written["anyOf"]
        ]
        properties["from"] = written | {"anyOf": [_SPAN, *listed]}
        _hovered(properties, ("from",))
    obligation = definitions["Obligation"]
    ids = obligation["properties"]["who"]
    obligation["properties"]["required_by"] = dict(ids)
    obligation["properties"]["yearly"] = {"anyOf": [{"const": True}, {"type": "string"}]}
    _hovered(obligation["properties"], ("required_by", "yearly"))
    definitions["GateAct"] = dict(obligation)
    definitions["Publication"] = _publication(obligation)
    requirement = definitions["Requirement"]
    bound = {**requirement["properties"], "each": dict(ids), "done": definitions["Done"]["properties"]["done"]}
    _hovered(bound, ("each", "done"))
    required = [name for name in requirement.get("required", ()) if name not in ("id", CONDITION)]
    expectation = {**bound, "or": {"anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": _TEXT}]}}
    _hovered(expectation, ("or",))
    definitions["Expectation"] = requirement | {"properties": expectation, "required": []}
    definitions["Requirement"] = requirement | {"properties": bound, "required": required}


def _publication(obligation: Schema) -> Schema:
    """An obligation that says by which acts it is made public, approved and withheld."""
    ids = obligation["properties"]["who"]
    named = {"type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": {"type": "string"}}
    withheld = {
        "anyOf": [named, {"type": "string"}, {"type": "array", "items": {"anyOf": [named, {"type": "string"}]}}]
    }
    properties = {
        **obligation["properties"],
        "published": dict(ids),
        "approved": {"type": "string"},
        "withheld": withheld,
    }
    _hovered(properties, ("published", "approved", "withheld"))
    required = [name for name in obligation.get("required", ()) if name != "do"]
    return obligation | {"properties": properties, "required": required}


def _open() -> Schema:
    reason = {"type": "object", "minProperties": 1, "maxProperties": 1}
    labelled = {
        "type": "object",
        "properties": {"zh": _TEXT, "en": _TEXT, "reason": reason},
        "required": ["zh"],
        "additionalProperties": False,
    }
    return {"anyOf": [{"const": True}, _TEXT, labelled]}


def _hovered(properties: dict[str, Schema], names: tuple[str, ...] = ()) -> None:
    """Describe keys in both languages, as an editor shows them beside the key."""
    for name in names or tuple(properties):
        if f"short.key.{name}" in texts():
            described = " ".join(label(f"short.key.{name}", lang) for lang in LANGUAGES)
            properties[name] = properties[name] | {"description": described}


__all__ = ["vocabulary_with_short_forms", "with_short_forms"]
