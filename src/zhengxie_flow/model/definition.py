"""The resolved bundle a case is judged by: process, law, register and decisions, known by its content hash."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from zhengxie_flow.model.citation import Instrument, Interpretation, Register
from zhengxie_flow.model.convention import CalendarChoice, Convention, read_conventions
from zhengxie_flow.model.decision import Decision
from zhengxie_flow.model.edition import EditionInfo
from zhengxie_flow.model.event import canonical
from zhengxie_flow.model.limit import Part
from zhengxie_flow.model.parameter import Parameter, with_parameter_roles
from zhengxie_flow.model.process import Process
from zhengxie_flow.model.validated import Validator, validate
from zhengxie_flow.model.values import ValueType
from zhengxie_flow.model.volume import AttachedVolume

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Definition:
    """One process with all it rests on.

    ``id`` is its path under ``processes/`` (``jilin/consultation``), ``bundle`` the plain JSON values it was read from
    and ``hash`` their digest: comments and layout change nothing, a changed rule always does.  ``edition`` is there for
    a later edition of the process (Art. 15), None for the first.  ``volumes`` are attached to it; their names are among
    those of the process.
    """

    id: str
    process: Process
    law: Instrument | None
    interpretations: dict[str, Interpretation]
    decisions: dict[str, Decision]
    parameters: dict[str, Parameter]
    bundle: dict[str, Any] = field(repr=False)
    hash: str
    sources: dict[str, str] = field(default_factory=dict, repr=False, compare=False)
    edition: EditionInfo | None = None
    conventions: dict[str, Convention] = field(default_factory=dict)
    volumes: tuple[AttachedVolume, ...] = ()


def calendars_of(process: Process, part: Part) -> tuple[str, ...]:
    """The names of the calendars that a part of a limit may be counted by; none where it names none."""
    own = part.calendar
    return tuple(calendar_choices(process, own).values()) if isinstance(own, CalendarChoice) else part.calendars


def calendar_choices(process: Process, choice: CalendarChoice) -> dict[str, str]:
    """The calendar for each value of the fact or field that chooses it; none where the values cannot be known."""
    if choice.of:
        return dict(choice.of)
    kinds: list[object] = [process.facts.get(choice.field)]
    kinds += [action.fields.get(choice.field.rpartition(".")[2]) for action in process.acts.values()]
    kinds += [item.fields.get(choice.field) for item in process.items.values()]
    values = next((kind.of for kind in kinds if isinstance(kind, ValueType) and kind.type == "enum"), None)
    return {str(value): str(value) for value in values or ()}


def calendars_beside(definition: Definition) -> tuple[str, ...]:
    """The calendars that limits of a definition are counted by beside that of its process, in order of their names."""
    parts: list[Part] = []
    for duty in definition.process.obligations.values():
        for limit in duty.limit.components if duty.limit is not None else ():
            parts += [limit, *limit.choose]
    parts += [setting for parameter in definition.parameters.values() for setting in parameter.settings]
    names = {name for part in parts for name in calendars_of(definition.process, part)}
    names |= {name for convention in definition.conventions.values() for name in convention.calendars()}
    return tuple(sorted(names - {definition.process.calendar}))


def digest(bundle: dict[str, Any]) -> str:
    """The content hash of a resolved bundle."""
    return "sha256:" + hashlib.sha256(canonical(bundle)).hexdigest()


def resolve(
    bundle: dict[str, Any],
    sources: dict[str, str] | None = None,
    *,
    validator: Validator = validate,
    content_hash: str = "",
) -> Definition:
    """Build a definition from its resolved bundle, as read from files or as kept by the journal.

    Args:
        bundle: plain JSON values: ``id``, ``process``, ``law``, ``register``, ``decisions``, ``parameters``, and
            ``conventions`` where limits are counted by any, ``volumes`` where any is attached.
        sources: the texts it was read from, by the label of their files.
        validator: makes the models; one that keeps them saves what the bundle shares with others.
        content_hash: the hash of the bundle, where it is there already; else it is worked out.

    Returns:
        The definition, known by the hash of the bundle.

    Raises:
        ValidationError: of pydantic, where the bundle does not fit the language; whoever read the files turns it into
            problems with positions.
    """
    law = bundle.get("law")
    register = bundle.get("register")
    parameters = {name: validator(Parameter, entry) for name, entry in bundle.get("parameters", {}).items()}
    decisions = {entry["decision"]: validator(Decision, entry) for entry in bundle.get("decisions", ())}
    return Definition(
        id=bundle["id"],
        process=with_parameter_roles(validator(Process, bundle["process"]), parameters, decisions),
        law=validator(Instrument, law) if law else None,
        interpretations=validator(Register, register).interpretations if register else {},
        decisions=decisions,
        parameters=parameters,
        bundle=bundle,
        hash=content_hash or digest(bundle),
        sources=sources or {},
        edition=validator(EditionInfo, bundle["edition"]) if bundle.get("edition") else None,
        conventions=read_conventions(bundle.get("conventions", {})),
        volumes=tuple(validator(AttachedVolume, entry) for entry in bundle.get("volumes", ())),
    )
