"""A running case under the volumes of today: the definition it started under, with what was attached since.

The definition of a case stays what it was and keeps its hash.  The volumes that came later judge it from a companion of
that definition, linked to it like an edition; acts that only they define become possible when the case moves there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from zhengxie_flow.engine.compile import CompiledProcess, compile_process
from zhengxie_flow.model.citation import INSTRUMENTS
from zhengxie_flow.model.definition import resolve
from zhengxie_flow.model.patch import Values, bundle_of, tree_of
from zhengxie_flow.model.volume import SECTIONS, Merge

RULES = ("decisions", "parameters")
READINGS = "interpretations"


def with_later_volumes(pinned: CompiledProcess, current: CompiledProcess) -> CompiledProcess | None:
    """The companion of a definition: the same text with the volumes that another definition of the process has besides.

    Names that the pinned text states itself stay its own, and what speaks of a name that it does not have is left out;
    a volume it has keeps its text, and counts in the periods of today.

    Args:
        pinned: The definition that a case started under.
        current: The definition of the same process as it stands now.

    Returns:
        The companion; None where nothing was attached since.
    """
    kept = {entry["volume"]: entry for entry in pinned.definition.bundle.get("volumes", ())}
    today = {entry["volume"]: entry for entry in current.definition.bundle.get("volumes", ())}
    bundle = pinned.definition.bundle
    entries = [{**entry, "periods": today.get(name, entry)["periods"]} for name, entry in kept.items()]
    tree, rules = tree_of(bundle), tree_of(current.definition.bundle)
    missing = _names(rules) - _names(tree)
    later: list[dict[str, Any]] = []
    for entry in (entry for name, entry in today.items() if name not in kept):
        brought = _names({"defines": (), **entry["brings"]})
        merge: Merge[Any] = Merge(Values())
        tree = merge.merged(tree, _speaking_of_none(missing - brought, entry["brings"]))
        if merge.added:
            later.append(entry)
            entries.append({**entry, "brings": merge.added})
    if not later and entries == list(kept.values()):
        return None
    for section, name in _asked([entry["brings"] for entry in later], rules):
        tree[section] = {**tree[section], name: tree[section].get(name, rules[section][name])}
    whole = {**bundle_of(tree, bundle), **_beside(bundle, current.definition.bundle), "volumes": entries}
    if readings := {name: reading for entry in later for name, reading in entry["brings"].get(READINGS, {}).items()}:
        register = whole.get("register") or current.definition.bundle["register"]
        whole["register"] = {**register, READINGS: {**readings, **(bundle.get("register") or {}).get(READINGS, {})}}
    sources = {**current.definition.sources, **pinned.definition.sources}
    return replace(compile_process(resolve(whole, sources)), companion_of=pinned.hash)


def _names(sections: Mapping[str, Any]) -> frozenset[str]:
    """The names that the sections of a process, or of a volume, define, with those of fields."""
    defined = sections.get("defines")
    found = {name for section in (*SECTIONS, "states") if section != "actions" for name in sections.get(section) or ()}
    found |= set((sections.get("actions") or ()) if defined is None else defined)
    for section, key in (("actions", "with"), ("items", "fields")):
        for entry in (sections.get(section) or {}).values():
            found |= set((entry or {}).get(key) or ())
    return frozenset(found)


def _speaking_of_none(names: frozenset[str], brings: Mapping[str, Any]) -> dict[str, Any]:
    """The sections of a volume without the entries, and the requirements, that speak of certain names."""

    def silent(value: Any) -> bool:
        return not any(word in names for word in _words(value))

    def required(entry: Any) -> Any:
        asked = entry.get("requires") if isinstance(entry, Mapping) else None
        return entry if not isinstance(asked, list) else {**entry, "requires": list(filter(silent, asked))}

    kept = {
        section: {name: required(entry) for name, entry in brings[section].items() if name not in names}
        for section in SECTIONS
        if section in brings
    }
    return {
        section: {name: entry for name, entry in entries.items() if silent(entry)} for section, entries in kept.items()
    }


def _beside(bundle: Mapping[str, Any], current: Mapping[str, Any]) -> dict[str, Any]:
    """The instruments and conventions of both, those of the first before those of the other."""
    beside: dict[str, Any] = {}
    if current.get("conventions"):
        beside["conventions"] = {**current["conventions"], **bundle.get("conventions", {})}
    law, other = bundle.get("law"), current.get("law")
    if law and other and other.get(INSTRUMENTS):
        beside["law"] = {**law, INSTRUMENTS: {**other[INSTRUMENTS], **law.get(INSTRUMENTS, {})}}
    return beside


def _asked(values: Iterable[Any], rules: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The decisions and parameters that some values name, or that are named by these in turn."""
    todo, seen = list(values), set[tuple[str, str]]()
    while todo:
        for word in _words(todo.pop()):
            for section in RULES:
                name = word if word in rules[section] else word.rpartition(".")[0]
                if name in rules[section] and (section, name) not in seen:
                    seen.add((section, name))
                    todo.append(rules[section][name])
                    yield section, name


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield key
            yield from _words(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _words(inner)
