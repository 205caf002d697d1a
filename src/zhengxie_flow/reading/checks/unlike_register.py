"""Settings of the register that the definition does not have, and readings that would make it faulty."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from zhengxie_flow.errors import Problem
from zhengxie_flow.model.definition import Definition, resolve
from zhengxie_flow.model.patch import bundle_of, patched, spelt_out, tree_of
from zhengxie_flow.reading.amending import read_otherwise
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.places import Place, fault
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1279"
NAME = "unlike-register"
REASON = Reason(
    en="Register and definition say the same of the reading that counts, and every other reading can be judged by.",
    zh="所采用的读法，登记与规定应当一致；其他读法应当能够据以判断。",
)
_ENTRY = """\
interpretations:
  I-1:
    zh: 通知的对象
    en: Who is notified
    law: "2"
    date: 2020-02-01
    question: {zh: 提前几日, en: How many days before}
    answer: {zh: 五个工作日, en: Five working days}
"""
GOOD: tuple[Example, ...] = (
    {
        "interpretations.yaml": _ENTRY
        + """\
    alternatives:
      clear: {zh: 须隔满五日, en: Five clear days, sets: {obligations.a2.notice.limit.count: clear_days}}
    sets: {obligations.a2.notice.limit.count: event_excluded, obligations.a2.notice.force: must}
    signer: office
"""
    },
)
BAD: tuple[Example, ...] = (
    {
        "interpretations.yaml": _ENTRY
        + """\
    sets: {obligations.a2.notice.limit.at_least: 4}
# ^ obligations.a2.notice.limit.at_least
    signer: office
"""
    },
    {
        "interpretations.yaml": _ENTRY
        + """\
    alternatives:
      later: {zh: 报告之前, en: Before the report, sets: {obligations.a2.notice.limit.before: reprot}}
# ^ reprot (ZX1205)
    sets: {obligations.a2.notice.force: should}
# ^ obligations.a2.notice.force
    signer: office
"""
    },
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report what the register says is set and is not, and the faults that other readings would bring."""
    from zhengxie_flow.reading.checks.reference import references

    if loaded.register is None or loaded.amendment is not None:  # an amendment may say otherwise
        return
    place = Place(loaded.register, loaded.register.node, ("interpretations",))
    standing = {str(problem) for problem in references(loaded)}
    for number, entry in loaded.definition.interpretations.items():
        for path in entry.sets:
            if not _says(loaded, path, entry.sets[path]):
                yield fault(CODE, place.at(number).name("sets", path), path=path)
        for name, each in entry.alternatives.items():
            if any(_applies(loaded, path) for path in each.sets):
                settings = place.at(number, "alternatives", name, "sets").value
                other, problems = read_otherwise(loaded, settings, loaded.register)
                found = problems if other is None else references(other)
                for problem in found:
                    if str(problem) not in standing:
                        inside = problem.where.file == loaded.register.label
                        yield (
                            problem
                            if inside
                            else replace(problem, where=place.at(number).name("alternatives", name).where())
                        )


def _applies(loaded: Loaded, path: str) -> bool:
    """Whether a path leads anywhere in this process: the register may be that of several."""
    return not spelt_out(tree_of(loaded.definition.bundle), {path: None})[1]


def _says(loaded: Loaded, path: str, value: object) -> bool:
    """Whether the definition has what a path sets; a path of another process says nothing about this one."""
    tree = tree_of(loaded.definition.bundle)
    change, astray = spelt_out(tree, {path: value})
    if astray:
        return True
    changed, _ = patched(tree, change)
    return changed == tree or _alike(loaded.definition, changed)


def _alike(definition: Definition, tree: dict[str, Any]) -> bool:
    """Whether values mean the same, where something is written out that holds anyway."""
    try:
        other = resolve(bundle_of(_bare(tree), definition.bundle))
    except ValidationError:
        return False
    parts = ("process", "law", "decisions", "parameters")
    return all(getattr(other, name) == getattr(definition, name) for name in parts)


def _bare(value: Any) -> Any:
    """Values without the way of counting that holds where none is written."""
    match value:
        case dict():
            return {key: _bare(inner) for key, inner in value.items() if (key, inner) != ("count", "event_excluded")}
        case list():
            return [_bare(inner) for inner in value]
    return value
