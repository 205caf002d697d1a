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
from zhengxie_flow.model.volume import Merge

RULES = ("decisions", "parameters")
READINGS = "interpretations"


def with_later_volumes(pinned: CompiledProcess, current: CompiledProcess) -> CompiledProcess | None:
    """The companion of a definition: the same text with the volumes that another definition of the process has besides.

    Names that the pinned text states itself stay its own; a volume it has keeps its text, and counts in the periods of
    today.

    Args:
        pinned: The definition that a case started under.
        current: The definition of the same process as it stands now.

    Returns:
        The companion; None where nothing was attached since.
    """
    kept = {entry["volume"]: entry for entry in pinned.definition.bundle.get("volumes", ())}
    today = {entry["volume"]: entry for entry in current.definition.bundle.get("volumes", ())}
    later = [entry for name, entry in today.items() if name not in kept]
    if not later and all(today.get(name, entry)["periods"] == entry["periods"] for name, entry in kept.items()):
        return None
    bundle = pinned.definition.bundle
    entries = [{**entry, "periods": today.get(name, entry)["periods"]} for name, entry in kept.items()]
    tree, rules = tree_of(bundle), tree_of(current.definition.bundle)
    for entry in later:
        merge: Merge[Any] = Merge(Values())
        tree = merge.merged(tree, entry["brings"])
        entries.append({**entry, "brings": merge.added})
    for section, name in _asked([entry["brings"] for entry in later], rules):
        tree[section] = {**tree[section], name: tree[section].get(name, rules[section][name])}
    whole = {**bundle_of(tree, bundle), **_beside(bundle, current.definition.bundle), "volumes": entries}
    if readings := {name: reading for entry in later for name, reading in entry["brings"].get(READINGS, {}).items()}:
        register = whole.get("register") or current.definition.bundle["register"]
        whole["register"] = {**register, READINGS: {**readings, **(bundle.get("register") or {}).get(READINGS, {})}}
    sources = {**current.definition.sources, **pinned.definition.sources}
    return replace(compile_process(resolve(whole, sources)), companion_of=pinned.hash)


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
