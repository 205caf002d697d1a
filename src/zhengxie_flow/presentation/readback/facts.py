"""Facts, fields and types of items as sentences, with the persons who determine them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, assert_never

from zhengxie_flow.model.definition import Definition
from zhengxie_flow.model.item import State
from zhengxie_flow.model.values import FactRef, ValueType
from zhengxie_flow.presentation.readback.sentence import CitedClauses, ReadStatement, Titled, names, note
from zhengxie_flow.rules.readback import Name, Phrase


def facts(definition: Definition) -> Iterator[ReadStatement]:
    """Every fact of the case; one that a person judges is a sentence of that kind."""
    for ident, kind in definition.process.facts.items():
        judged = bool(kind.by) or kind.type == "bool"
        marks = _marks(kind)
        wording = Phrase("read.fact", {"fact": Titled(kind, ident), "type": _type(kind), "marks": marks})
        if judged and not kind.by:
            wording = Phrase(
                "read.fact", {"fact": Titled(kind, ident), "type": _type(kind), "marks": (_anybody(), *marks)}
            )
        yield ReadStatement("judgement" if judged else "fact", ident, kind.law, wording)


def _anybody() -> Phrase:
    return Phrase("read.mark.by", {"value": (Phrase("read.anybody"),)})


def items(definition: Definition) -> Iterator[ReadStatement]:
    """Every type of item, with its fields and states."""
    for ident, kind in definition.process.items.items():
        notes = (
            *note("read.item.fields", field_phrases(kind.fields)),
            *note("read.item.states", tuple(state_phrase(name, state) for name, state in kind.states.items())),
        )
        wording = Phrase("read.item", {"item": Titled(kind, ident), "notes": notes})
        yield ReadStatement("item", ident, kind.law, wording)


def state_phrase(ident: str, state: State) -> Phrase:
    """A state with its clause, and whether it ends the case or item."""
    code = "withdrawn" if state.final == "withdrawn" else "final" if state.final else "open"
    wording = Phrase(f"read.state.{code}", {"state": Titled(state, ident)})
    return Phrase("read.cited", {"said": wording, "law": CitedClauses(state.law)}) if state.law else wording


def field_phrases(fields: Mapping[str, ValueType | FactRef]) -> tuple[Phrase, ...]:
    """Fields, each with its type and what is asked of it."""
    return tuple(_field(name, kind) for name, kind in fields.items())


def _field(name: str, kind: ValueType | FactRef) -> Phrase:
    match kind:
        case FactRef():
            wording = Titled(kind, name) if kind.zh or kind.en else Name("fact", name)
            marks = (Phrase("read.mark.asserts"), *note("read.mark.required", kind.required))
            return Phrase("read.field", {"field": wording, "marks": marks})
        case ValueType():
            marks = (_type(kind), *_marks(kind))
            said_field = Phrase("read.field", {"field": Titled(kind, name), "marks": marks})
            cited = Phrase("read.cited", {"said": said_field, "law": CitedClauses(kind.law)})
            return cited if kind.law else said_field
        case _:
            assert_never(kind)


def _type(kind: ValueType) -> Phrase:
    """The type of a value in words."""
    match kind.type:
        case "bool" | "int" | "decimal" | "date" | "instant" | "text" | "document" | "role":
            return Phrase(f"read.type.{kind.type}")
        case "enum" | "set":
            return Phrase(f"read.type.{kind.type}", {"choices": _choices(kind)})
        case "ref" | "refs":
            item = Name("item", kind.of) if isinstance(kind.of, str) else Phrase("read.type.any_item")
            return Phrase(f"read.type.{kind.type}", {"item": item})
        case _:
            assert_never(kind.type)


def _choices(kind: ValueType) -> tuple[Titled, ...]:
    return tuple(Titled(choice, name) for name, choice in kind.of.items()) if isinstance(kind.of, dict) else ()


def _marks(kind: ValueType) -> tuple[Phrase, ...]:
    return (
        *note("read.mark.by", names("role", kind.by)),
        *note("read.mark.countersigned", names("role", kind.countersigned_by)),
        *(() if kind.presumed is None else (Phrase("read.mark.presumed", {"value": _value(kind, kind.presumed)}),)),
        *note("read.mark.required", kind.required),
        *note("read.mark.complete", kind.complete),
        *note("read.mark.unit", None if kind.unit is None else Name("choice", kind.unit, "unit")),
        *note("read.mark.personal", kind.personal),
        *note("read.mark.register", tuple(kind.interpretation)),
    )


def _value(kind: ValueType, value: Any) -> Any:
    """A value by the label of its choice."""
    if isinstance(value, bool):
        return Phrase("word.true" if value else "word.false")
    if isinstance(value, list | tuple):
        return tuple(_value(kind, entry) for entry in value)
    if isinstance(kind.of, dict) and value in kind.of:
        return Titled(kind.of[value], value)
    return Name("role", str(value)) if kind.type == "role" else str(value)
