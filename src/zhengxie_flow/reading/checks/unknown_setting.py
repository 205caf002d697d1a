"""Settings of the register that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from zhengxie_flow.errors import Problem
from zhengxie_flow.model.patch import Astray, spelt_out, tree_of
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.places import Place, fault
from zhengxie_flow.reading.checks.unknown import suggestion
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1278"
NAME = "unknown-setting"
SHARED = True  # what one process of the folder has need not be in the others
REASON = Reason(
    en="What a reading sets is found by its path; a path that leads nowhere changes nothing.",
    zh="读法所设定的内容按路径寻找；走不通的路径什么也不会改变。",
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
      three:
        zh: 三个工作日
        en: Three working days
        sets: {obligations.a2.notice.limit.at_least: 3, actions.hold.requires.a2.agreed.force: should}
    sets: {obligations.a2.notice.limit.at_least: 5}
    signer: office
"""
    },
)
BAD: tuple[Example, ...] = (
    {
        "interpretations.yaml": _ENTRY
        + """\
    alternatives:
      three: {zh: 三个工作日, en: Three working days, sets: {obligations.a2.notcie.limit.at_least: 3}}
# ^ obligations.a2.notcie.limit.at_least
    sets: {a2.notice.at_least: 5}
# ^ a2.notice.at_least
    signer: office
"""
    },
)


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report paths under ``sets:`` that name nothing in the definition."""
    if loaded.register is None:
        return
    tree = tree_of(loaded.definition.bundle)
    top = Place(loaded.register, loaded.register.node, ("interpretations",))
    for number, entry in loaded.definition.interpretations.items():
        every = [(entry.sets, top.at(number))]
        every += [(each.sets, top.at(number, "alternatives", name)) for name, each in entry.alternatives.items()]
        for settings, place in every:
            for path in settings:
                for astray in spelt_out(tree, {path: settings[path]})[1]:
                    yield fault(CODE, place.name("sets", path), path=path, **_meant(tree, path, astray))


def _meant(tree: dict[str, Any], path: str, astray: Astray) -> dict[str, str]:
    """What was probably meant: a section left out before an id, else the likest name at the step that led nowhere."""
    found = suggestion(astray.name, astray.known)
    for section, entries in tree.items():
        if isinstance(entries, dict) and any(path.startswith(f"{name}.") for name in entries):
            return {**found, "suggestion": f"{section}.{path}"}
    return found
