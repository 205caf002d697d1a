"""Checks of actions: their actors, what they wait for, their evidence, and the delegations they make."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from zhengxie_flow.i18n.ids import Cycle
from zhengxie_flow.model import condition as c
from zhengxie_flow.model.condition import Condition
from zhengxie_flow.model.process import ByObligation, Process
from zhengxie_flow.reading.checks.catalogue import Defect, check, warning
from zhengxie_flow.reading.checks.conditions import limits
from zhengxie_flow.reading.checks.cycles import cycles
from zhengxie_flow.reading.checks.locations import Place
from zhengxie_flow.reading.checks.name_resolution import act_fields, field_type
from zhengxie_flow.reading.sources import Loaded


@check(
    "ZX1232",
    "nobody-acts",
    en="Somebody has to be answerable for every act; without `by:` anybody could do it and nobody would be.",
    zh="每个行为都要有人负责；不写 by: 就成了谁都能做、谁都不负责。",
)
def nobody_acts(loaded: Loaded) -> Iterator[Defect]:
    """Report actions without a role that the law does not deem done either."""
    process = loaded.definition.process
    lapses = [limit_use.limit.on_lapse for limit_use in limits(loaded)]
    deemed = {lapse.deem.action for lapse in lapses if lapse is not None}
    deemed |= {deem.action for action in process.actions.values() for deem in action.deem}
    for name, action in process.actions.items():
        if not action.by and action.by_parameter is None and name not in deemed:
            yield Defect(Place(loaded.process, loaded.process.node).name("actions", name), action=name)


@check(
    "ZX1237",
    "circular-requirement",
    en="An act that has to wait for one that waits for it can never be asked for.",
    zh="互为前提的行为，谁都无法依程序先作出。",
)
def circular_requirement(loaded: Loaded) -> Iterator[Defect]:
    """Report each circle of actions of which one has to be done before the next."""
    process, top = loaded.definition.process, Place(loaded.process, loaded.process.node)
    edges = {name: _before(process, name, top.at("actions", name, "requires")) for name in process.actions}
    for circle, place in cycles(edges):
        yield Defect(place, "action", circle=Cycle(circle))


def _before(process: Process, name: str, requires: Place) -> dict[str, Place]:
    """The actions that must have been done before an action can be asked for, whatever the facts are."""
    earlier: dict[str, Place] = {}
    for index, entry in enumerate(process.actions[name].requires):
        place = requires.at(index)
        if isinstance(entry, ByObligation):
            duty = process.obligations.get(entry.obligation)
            if duty is not None and duty.when is None and len(duty.do) == 1:
                earlier.setdefault(duty.do[0], place.at("obligation"))
        elif entry.when is None:
            for action, at in _done(entry.that, place.at("that")):
                earlier.setdefault(action, at)
    return earlier


def _done(condition: Condition, place: Place) -> Iterator[tuple[str, Place]]:
    match condition:
        case c.Done():
            if len(condition.done) == 1:
                yield condition.done[0], place.at("done")
        case c.All():
            for step, part in condition.parts():
                yield from _done(part, place.at(*step))
        case (
            c.AnyOf() | c.Not() | c.Compare() | c.Last() | c.Every() | c.Some() | c.Count()
            | c.Decided() | c.SubcaseIs() | c.InState() | c.VerdictIs() | c.ParameterIs()
        ):  # fmt: skip
            pass  # it can be true though no act of one certain action was done
        case _:
            assert_never(condition)


@warning(
    "ZX1238",
    "missing-evidence",
    en="An obligation names what proves it was performed; a document that its act carries most likely is.",
    zh="义务应写明以什么证明已履行；行为附有文书的，多半就以该文书为证。",
)
def missing_evidence(loaded: Loaded) -> Iterator[Defect]:
    """Report duties without evidence whose actions carry a document."""
    process = loaded.definition.process
    for name, duty in process.obligations.items():
        if duty.evidence or duty.force == "may" or duty.jointly or duty.judged_by:  # each act, or a determination
            continue
        documents = [
            field for action in duty.do for field in act_fields(process, action) if _proves(loaded, action, field)
        ]
        if documents:
            place = Place(loaded.process, loaded.process.node).name("obligations", name)
            yield Defect(place, "field", duty=name, known=tuple(documents))


def _proves(loaded: Loaded, action: str, field: str) -> bool:
    if action not in loaded.definition.process.actions:
        return False  # what a subcase tells is proved in the subcase
    kind = field_type(loaded.definition.process, action, field)
    return kind is not None and kind.type == "document"


@check(
    "ZX1257",
    "nothing-to-revoke",
    en="Only a role that some action delegates is borrowed and can be taken back.",
    zh="只有某个行为委托出去的角色才是借来的，才谈得上撤销。",
)
def nothing_to_revoke(loaded: Loaded) -> Iterator[Defect]:
    """Report roles under ``revokes`` that no action of the process delegates."""
    process, top = loaded.definition.process, Place(loaded.process, loaded.process.node)
    lent = dict.fromkeys(done.delegates.role for done in process.actions.values() if done.delegates is not None)
    for action, done in process.actions.items():
        for index, role in enumerate(done.revokes):
            if role in process.roles and role not in lent:
                place = top.at("actions", action, "revokes", index)
                yield Defect(place, "role", role=role, action=action, known=tuple(lent))


@check(
    "ZX1320",
    "undated-delegation",
    en="Whether somebody acts under a delegation in force is asked by the day; its first and last day are dates.",
    zh="委托是否有效以日期判断；其起止须为日期字段。",
)
def undated_delegation(loaded: Loaded) -> Iterator[Defect]:
    """Report fields that say when a delegation begins or ends and are no dates."""
    process, top = loaded.definition.process, Place(loaded.process, loaded.process.node)
    for action, done in process.actions.items():
        if done.delegates is None:
            continue
        for key, name in (("from", done.delegates.from_), ("until", done.delegates.until)):
            kind = field_type(process, action, name) if name is not None else None
            if kind is not None and kind.type not in ("date", "instant"):
                yield Defect(top.at("actions", action, "delegates", key), "field", name=name, action=action)


CHECKS = (nobody_acts, circular_requirement, missing_evidence, nothing_to_revoke, undated_delegation)
