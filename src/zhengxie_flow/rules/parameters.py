"""Parameters proved, compared and read back like decisions: their rows are rules whose outcome is what they give.

The first row that holds counts, so rows that hold together are told apart by their order alone; a proof names them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import tzinfo
from typing import Any

from zhengxie_flow.model.base import Labelled
from zhengxie_flow.model.comparing import DEFAULT_ZONE
from zhengxie_flow.model.condition import FieldRef
from zhengxie_flow.model.decision import Decision
from zhengxie_flow.model.limit import Part
from zhengxie_flow.model.parameter import Parameter, ParameterRow, Setting
from zhengxie_flow.model.rule import Policy, Row
from zhengxie_flow.model.values import ValueType
from zhengxie_flow.rules.compile import Ruleset
from zhengxie_flow.rules.part_phrases import part_phrase
from zhengxie_flow.rules.prove import GAP, OVERLAP, SHADOWED, UNREACHABLE, USELESS, DecisionProof, prove
from zhengxie_flow.rules.readback import Name, Phrase, phrase
from zhengxie_flow.rules.search import BRANCHES


class ParameterRules(Ruleset):
    """The rows of a parameter as the rules of a decision; ``parameter`` is the parameter itself.

    Raises:
        InvalidDefinition: ZX3117 where a fact is compared with a value of another kind.
    """

    def __init__(
        self,
        name: str,
        parameter: Parameter,
        types: Mapping[str, ValueType] | None = None,
        zone: tzinfo = DEFAULT_ZONE,
    ) -> None:
        self.parameter = parameter
        super().__init__(_decision(name, parameter, "first"), types, zone)


def _decision(name: str, parameter: Parameter, policy: Policy) -> Decision:
    """The decision that a parameter comes to; what it gives is written out as the outcome."""
    rows = tuple(
        Row.model_construct(id=row.id, law=row.law, when=row.when, then=setting_text(row), in_force=row.in_force)
        for row in parameter.rows
    )
    settings = (*parameter.rows, *([parameter.default] if parameter.default is not None else []))
    return Decision.model_construct(
        language=1,
        decision=name,
        zh=parameter.zh,
        en=parameter.en,
        law=parameter.law,
        outcomes={setting_text(setting): Labelled() for setting in settings},
        policy=policy,
        rows=rows,
        default=None if parameter.default is None else setting_text(parameter.default),
    )


def setting_text(setting: Setting) -> str:
    """The value of a row or of the default, in one line."""
    if isinstance(setting.value, FieldRef):
        return f"field: {setting.value.field}"
    if setting.value is not None:
        return str(setting.value).lower() if isinstance(setting.value, bool) else str(setting.value)
    plain = setting.model_dump(mode="json", by_alias=True, exclude_none=True, include=set(Part.model_fields))
    return ", ".join(f"{key}: {_short(value)}" for key, value in plain.items()) or "-"


def _short(value: Any) -> str:
    """An anchor or amount in one word where it has one."""
    if isinstance(value, dict) and set(value) == {"name"}:
        return str(value["name"])
    return str(value)


def prove_parameter(
    ruleset: ParameterRules, others: Mapping[str, Ruleset] | None = None, *, branches: int = BRANCHES
) -> DecisionProof:
    """Prove a parameter: no two rows hold together, every row and value counts somewhere, every fact matters.

    A parameter without a default has to be set in every case; one with neither rows nor default is never set.

    Args:
        ruleset: the rows of the parameter.
        others: the decisions that they may ask.
        branches: the most branches each claim may explore.

    Returns:
        The claims, and the problems found.
    """
    parameter = ruleset.parameter
    if not parameter.rows:
        return DecisionProof(ruleset.name, {}, (), 0, ruleset.hash)
    claims = [SHADOWED, UNREACHABLE, USELESS]
    first = prove(
        ruleset, others, branches=branches, requested=claims if parameter.default is not None else [GAP, *claims]
    )
    alone = Ruleset(_decision(ruleset.name, parameter, "unique"), ruleset.types, ruleset.zone)
    apart = prove(alone, others, branches=branches, requested=[OVERLAP])
    return replace(
        first,
        claims={**apart.claims, **first.claims},
        faults=(*apart.faults, *first.faults),
        branches=first.branches + apart.branches,
    )


def readback_parameter(ruleset: ParameterRules) -> tuple[Phrase, ...]:
    """A parameter as phrases: what it is and rests on, each row, and the default."""
    parameter, name = ruleset.parameter, ruleset.name
    head = Phrase(
        "parameter",
        {
            "parameter": Name("parameter", name),
            "law": tuple(map(str, parameter.law)),
            "status": Phrase(f"parameter.status.{parameter.status}"),
            "notes": tuple(_register(parameter.interpretation)),
        },
    )
    rows = (_row(ruleset, row, tests) for row, tests in zip(parameter.rows, ruleset.tests, strict=True))
    if parameter.default is None:
        return (head, *rows, Phrase("parameter.unset"))
    code = "parameter.default" if parameter.rows else "parameter.always"
    return (head, *rows, Phrase(code, {"then": _gives(name, parameter.default)}))


def _row(ruleset: ParameterRules, row: ParameterRow, tests: tuple[Any, ...]) -> Phrase:
    return Phrase(
        "parameter.row" if tests else "parameter.row.always",
        {
            "id": row.id,
            "basis": row.basis or ", ".join(map(str, row.law or ruleset.parameter.law)) or "-",
            **({"when": phrase(tests[0])} if tests else {}),
            "then": _gives(ruleset.name, row),
            "notes": tuple(_notes(row)),
        },
    )


def _notes(row: ParameterRow) -> Iterator[Phrase]:
    if row.in_force.from_ is not None:
        yield Phrase("note.from", {"day": row.in_force.from_})
    if row.in_force.to is not None:
        yield Phrase("note.to", {"day": row.in_force.to})
    yield from _register(row.interpretation)


def _register(entry: str | None) -> Iterator[Phrase]:
    if entry is not None:
        yield Phrase("note.register", {"interpretation": entry})


def _gives(name: str, setting: Setting) -> Any:
    """The value of a row, as a phrase or a name."""
    if isinstance(setting.value, FieldRef):
        return Phrase("field", {"fact": Name("fact", setting.value.field)})
    if setting.value is not None:
        if isinstance(setting.value, bool):
            return Phrase("word.true" if setting.value else "word.false")
        return Name("given", str(setting.value), name)
    return part_phrase(setting)
