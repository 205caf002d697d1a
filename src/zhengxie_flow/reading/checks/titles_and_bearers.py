"""Checks of what a list shows of a case and its duties: the title of the case, and who bears each obligation."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.model.values import ValueType
from zhengxie_flow.reading.checks.catalogue import Defect, check
from zhengxie_flow.reading.checks.locations import Place
from zhengxie_flow.reading.sources import Loaded


@check(
    "ZX1379",
    "personal-title",
    en="A title stands in every list and is kept beside the journal, where no erasure of a personal value reaches.",
    zh="标题出现在各种清单里，并另存在日志之外；删除个人信息时删不到它。",
)
def personal_title(loaded: Loaded) -> Iterator[Defect]:
    """Report titles that are personal values, here or in a subcase that reports them."""
    process = loaded.definition.process
    kind, (action, _, name) = process.title_type(), (process.title or "").rpartition(".")
    if kind is not None and (kind.personal or name in _personal_in_subcases(loaded)):
        yield Defect(_title(loaded), "field" if action else "fact", name=name)


def _personal_in_subcases(loaded: Loaded) -> frozenset[str]:
    """The facts that a subcase reports to its parent and that are personal there."""
    reported = (
        (name, (loaded.subcases.get(subcase, {}).get("facts") or {}).get(name))
        for subcase, kind in loaded.definition.process.subcases.items()
        for name in kind.fields
    )
    return frozenset(name for name, fact in reported if isinstance(fact, dict) and fact.get("personal"))


@check(
    "ZX1380",
    "title-is-no-text",
    en="A case is called by a text of its own: a fact of the process, or a field of one of its actions.",
    zh="案件以一段文字为标题：流程的事实，或者本流程某个行为的字段。",
)
def title_is_no_text(loaded: Loaded) -> Iterator[Defect]:
    """Report titles of another type, and those that neither a fact nor an action of the process holds."""
    process = loaded.definition.process
    if process.title is None:
        return
    kind = process.title_type()
    if kind is None or kind.type != "text":
        known = [name for name, fact in process.facts.items() if _fits(fact)]
        fields = ((action, process.actions[action].fields) for action in process.actions)
        known += [f"{action}.{name}" for action, several in fields for name, field in several.items() if _fits(field)]
        yield Defect(_title(loaded), "fact", name=process.title, known=tuple(known))


def _fits(kind: object) -> bool:
    return isinstance(kind, ValueType) and kind.type == "text" and not kind.personal


def _title(loaded: Loaded) -> Place:
    return Place(loaded.process, loaded.process.node).at("title")


@check(
    "ZX1381",
    "nobody-bears",
    en="An obligation that nobody bears stands on nobody's list and is nobody's breach.",
    zh="没有责任方的义务，不会出现在任何人的待办里，也追究不到任何人。",
)
def nobody_bears(loaded: Loaded) -> Iterator[Defect]:
    """Report obligations without a bearer, unless an entry of the register says that the text names nobody."""
    top = Place(loaded.process, loaded.process.node)
    for name, duty in loaded.definition.process.obligations.items():
        if not duty.bearers and not duty.unassigned:
            yield Defect(top.name("obligations", name), "obligation", duty=name)


@check(
    "ZX1382",
    "bearer-of-the-unassigned",
    en="An obligation has the bearers that the text names, or the register says that it names nobody; never both.",
    zh="义务要么有条文写明的责任方，要么由登记项说明条文没有写；两者不能并存。",
)
def bearer_of_the_unassigned(loaded: Loaded) -> Iterator[Defect]:
    """Report obligations that have bearers and are said to have none."""
    top = Place(loaded.process, loaded.process.node)
    for name, duty in loaded.definition.process.obligations.items():
        if duty.bearers and duty.unassigned:
            yield Defect(top.at("obligations", name, "unassigned"), "obligation", duty=name)


CHECKS = (personal_title, title_is_no_text, nobody_bears, bearer_of_the_unassigned)
