"""Personal values of an event, worked out from the definition alone, before the event is written.

Where a name can mean a fact of the case or a field of some item, it is personal if one of the two is: too much is kept
apart rather than too little.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from zhengxie_flow.engine.compile import CompiledProcess
from zhengxie_flow.model.body import plain
from zhengxie_flow.model.event import Event
from zhengxie_flow.model.process import Process
from zhengxie_flow.model.values import FactRef

LINE: Final = "line"
"""The fingerprint of an imported line that holds personal values; a value could be guessed from it, so it is one."""

NOBODY: Final[frozenset[str]] = frozenset()


def personal_facts(compiled: CompiledProcess) -> frozenset[str]:
    """The facts of a process that are personal."""
    return _facts(compiled.process)


def personal_fields(compiled: CompiledProcess, event: Event, also: frozenset[str] = NOBODY) -> tuple[str, ...]:
    """The JSON pointers (RFC 6901) of the personal values in the body of an event.

    ``also`` are names that are personal elsewhere: facts that a subcase reports to this case.
    """
    return tuple(_of_body(compiled.process, event, plain(event.body), also))


def personal_names(compiled: CompiledProcess) -> frozenset[str]:
    """Every name under which a process knows a personal value, of a fact, an item or an act."""
    process = compiled.process
    acts = {name for act in process.acts for name in process.acts[act].fields if _of_act(process, act, name)}
    return _facts(process) | _items(process) | acts


def _of_body(process: Process, event: Event, body: Mapping[str, Any], also: frozenset[str]) -> Iterator[str]:
    facts, items = _facts(process) | also, _items(process)
    asserted = facts | items if event.item is not None else facts
    yield from (f"/facts/{_escaped(name)}" for name in body.get("facts", ()) if name in asserted)
    for name in body.get("fields", ()):
        if name in items or name in also or _of_act(process, event.action, name):
            yield f"/fields/{_escaped(name)}"
    for index, entry in enumerate(body.get("items", {}).get("added", ())):
        for name in entry["fields"]:
            if name in items or _of_act(process, event.action, name):
                yield f"/items/added/{index}/fields/{_escaped(name)}"
    if LINE in body:
        yield f"/{LINE}"
    if replaced := body.get("replacement", {}).get("body"):
        yield from (f"/replacement/body{pointer}" for pointer in _of_body(process, event, replaced, also))


def _facts(process: Process) -> frozenset[str]:
    return frozenset(name for name, kind in process.facts.items() if kind.personal)


def _items(process: Process) -> frozenset[str]:
    return frozenset(name for item in process.items.values() for name, kind in item.fields.items() if kind.personal)


def _of_act(process: Process, action: str | None, name: str) -> bool:
    """True where a field of an act is personal, by itself or as the fact it asserts."""
    kind = process.acts[action].fields.get(name) if action in process.acts else None
    fact = process.facts.get(name)
    personal_itself = kind is not None and not isinstance(kind, FactRef) and kind.personal
    return personal_itself or (isinstance(kind, FactRef) and fact is not None and fact.personal)


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
