"""Another reading of the law (Art. 18): the definition with what an alternative of the register sets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from zhengxie_flow.engine.compile import CompiledProcess, compile_process
from zhengxie_flow.engine.editions.governing import link_editions
from zhengxie_flow.errors import NotFound, UsageError
from zhengxie_flow.model.citation import Alternative, Interpretation
from zhengxie_flow.model.definition import Definition, resolve
from zhengxie_flow.model.patch import apply_change, bundle_of, change_from_settings, tree_of
from zhengxie_flow.spelling import known_names, unknown_name

Register = Mapping[str, Interpretation]


def check_readings(readings: Mapping[str, str], registers: Iterable[Register]) -> None:
    """Check that each chosen alternative exists and sets something.

    Args:
        readings: Register entries with the alternative chosen for each.
        registers: The registers of interpretations to look them up in.

    Raises:
        NotFound: ZX1201 for an unknown entry, ZX4061 for an unknown alternative.
        UsageError: ZX4062 for an alternative that sets nothing.
    """
    alternatives: dict[str, dict[str, Alternative]] = {}
    for register in registers:
        for number, entry in register.items():
            alternatives.setdefault(number, {}).update(
                {
                    name: alternative
                    for name, alternative in entry.alternatives.items()
                    if alternative.sets or name not in alternatives[number]
                }
            )
    for number, name in readings.items():
        if number not in alternatives:
            raise NotFound("ZX1201", **unknown_name("register_entry", number, alternatives))
        if name not in alternatives[number]:
            raise NotFound("ZX4061", entry=number, alternative=name, **known_names(name, tuple(alternatives[number])))
        if not alternatives[number][name].sets:
            raise UsageError("ZX4062", entry=number, alternative=name)


def reread(compiled: CompiledProcess, readings: Mapping[str, str], registers: Iterable[Register]) -> CompiledProcess:
    """The process, in all its editions, as other readings make it; it keeps the hash it is known by.

    The first register that has a reading counts.  A setting of something the process does not have is of another
    process that shares the register, and is left out.
    """
    settings: dict[str, Any] = {}
    all_registers = list(registers)
    for number, name in readings.items():
        sets = (entry.alternatives[name].sets for register in all_registers
                if (entry := register.get(number)) is not None and name in entry.alternatives)  # fmt: skip
        settings |= next((setting for setting in sets if setting), {})
    editions = compiled.editions or (compiled,)
    changed = link_editions([_changed(edition, settings) for edition in editions])
    return changed[editions.index(compiled)]


def touches(compiled: CompiledProcess, settings: Mapping[str, Any]) -> bool:
    """Return whether settings by path set anything in some edition of a process.

    Args:
        compiled: The process.
        settings: The settings, such as those of an alternative reading.
    """
    editions = compiled.editions or (compiled,)
    return any(change_from_settings(tree_of(edition.definition.bundle), settings)[0] for edition in editions)


def _changed(compiled: CompiledProcess, settings: Mapping[str, Any]) -> CompiledProcess:
    definition = compiled.definition
    tree = tree_of(definition.bundle)
    change, _ = change_from_settings(tree, settings)
    if not change:
        return replace(compiled, editions=())
    tree, _ = apply_change(tree, change)
    try:
        other: Definition = resolve(bundle_of(tree, definition.bundle), definition.sources)
    except ValidationError as error:
        raise UsageError("ZX4068", detail=str(error.errors()[0]["msg"])) from error
    return compile_process(replace(other, hash=definition.hash))
