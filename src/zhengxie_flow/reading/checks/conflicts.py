"""Checks of obligations against each other: what nobody can keep, and what is asked twice and differently."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from zhengxie_flow.errors import InvalidDefinition
from zhengxie_flow.i18n.ids import LabelledId
from zhengxie_flow.model.comparing import zone_named
from zhengxie_flow.model.condition import Condition
from zhengxie_flow.model.decision import Decision
from zhengxie_flow.model.limit import Part
from zhengxie_flow.model.process import Obligation, Process
from zhengxie_flow.reading.checks.catalogue import Defect, cached, check, of_peers, warning
from zhengxie_flow.reading.checks.decision_tables import BRANCHES
from zhengxie_flow.reading.checks.durations import Duration
from zhengxie_flow.reading.checks.locations import Place
from zhengxie_flow.reading.sources import Loaded
from zhengxie_flow.rules import Ruleset, compiled, types_of
from zhengxie_flow.rules.prove import OVERLAP, REFUTED, prove


@dataclass(frozen=True, slots=True)
class Counted:
    """A day that a limit counts: from which anchor, in which direction, how many units."""

    anchor: str
    direction: str
    amount: int
    unit: str


def counted(loaded: Loaded, duty: Obligation) -> frozenset[Counted]:
    """The days that the limit of an obligation may count; none of a limit that joins others."""
    limit = duty.limit
    if limit is None or limit.parts_of:
        return frozenset()
    parts: list[Part] = [*limit.candidates]
    parameter = loaded.definition.parameters.get(limit.parameter or "")
    if parameter is not None and parameter.kind is None:
        parts = [limit.filled(setting) for setting in parameter.settings]
    return frozenset(
        Counted(part.anchor.model_dump_json(), part.direction, part.amount, part.unit or "")
        for part in parts
        if part.anchor is not None and part.amount is not None
    )


@check(
    "ZX1267",
    "contradictory-obligations",
    en="What one obligation asks for and another forbids, or has no time for, nobody can do lawfully.",
    zh="一项义务要求、另一项义务禁止，或者最早日晚于最后一日的，谁也无法依法办到。",
)
def contradictory_obligations(loaded: Loaded) -> Iterator[Defect]:
    """Report obligations for an act that another forbids without limit, or allows only when the time is over."""
    process, top = loaded.definition.process, Place(loaded.process, loaded.process.node)
    for first, second in _pairs(process):
        contradict = any(_contradict(loaded, asked, bound) for asked, bound in ((first, second), (second, first)))
        if contradict and not _lifted(process, first, second) and together(loaded, first, second):
            yield Defect(top.name("obligations", second), duty=first, owed=second)


def _contradict(loaded: Loaded, asked: str, bound: str) -> bool:
    duties = loaded.definition.process.obligations
    return _excludes(duties[asked], duties[bound]) or _outrun(loaded, duties[asked], duties[bound])


def _pairs(process: Process) -> Iterator[tuple[str, str]]:
    """The pairs of obligations about the same acts and items, in the order of the file."""
    by_act: dict[str, list[str]] = {}
    for name, duty in process.obligations.items():
        for action in duty.do:
            by_act.setdefault(action, []).append(name)
    pairs = {pair: None for names in by_act.values() for pair in combinations(names, 2)}
    for one, other in pairs:
        if process.obligations[one].for_ == process.obligations[other].for_:
            yield one, other


def _excludes(duty: Obligation, ban: Obligation) -> bool:
    """True where all that performs an obligation is forbidden at any time."""
    return duty.obliges and ban.forbids and ban.limit is None and set(duty.do) <= set(ban.do)


def _outrun(loaded: Loaded, duty: Obligation, window: Obligation) -> bool:
    """True where the last day of an obligation lies before the earliest day that another allows."""
    if not duty.obliges or not set(duty.do) <= set(window.do):
        return False
    lasts, firsts = counted(loaded, duty), counted(loaded, window)
    return _runs_out(lasts, firsts, ("forward", "minimum")) or _runs_out(firsts, lasts, ("earliest", "backward"))


def _runs_out(nearer: Iterable[Counted], further: Iterable[Counted], directions: tuple[str, str]) -> bool:
    """True where all limits of one direction certainly end nearer to their anchor than those of another begin."""
    ends = [entry for entry in nearer if entry.direction == directions[0]]
    begins = [entry for entry in further if entry.direction == directions[1]]
    return bool(ends and begins) and all(
        end.anchor == begin.anchor and _shorter(end, begin) for end in ends for begin in begins
    )


def _shorter(one: Counted, other: Counted) -> bool:
    """True where a period of time is certainly shorter than another, in units of one kind."""
    return Duration(0, other.amount, other.unit).covers(one.amount, one.unit) and not _equal(one, other)


def _equal(one: Counted, other: Counted) -> bool:
    return Duration(other.amount, other.amount, other.unit).covers(one.amount, one.unit)


def _lifted(process: Process, *names: str) -> bool:
    """True where an exemption can lift one of some obligations."""
    return any(
        exemption.covers(name, process.obligations[name].law)
        for exemption in process.exemptions.values()
        for name in names
    )


def together(loaded: Loaded, first: str, second: str) -> bool:
    """Return whether two obligations certainly arise together in some case: what cannot be proved is not said."""
    duties = loaded.definition.process.obligations
    one, other = duties[first].when, duties[second].when
    return one is None or other is None or one == other or _hold_together(loaded, one, other)


def _hold_together(loaded: Loaded, one: Condition, other: Condition) -> bool:
    """True where a case is found in which two conditions hold."""
    process = loaded.definition.process
    rows = [{"id": str(number), "when": when, "then": str(number)} for number, when in enumerate((one, other), 1)]
    decision = Decision.model_validate(
        {"language": 1, "decision": "both", "outcomes": ["1", "2"], "policy": "unique", "rows": rows}
    )
    try:
        ruleset = compiled(decision, types_of(process, loaded.definition.decisions), zone_named(process.zone))
    except InvalidDefinition:
        return False
    proof = prove(ruleset, dict(_rulesets(loaded)), branches=BRANCHES, requested=(OVERLAP,))
    return proof.claims[OVERLAP] == REFUTED


@cached
def _rulesets(loaded: Loaded) -> Iterator[tuple[str, Ruleset]]:
    """The decisions that compile."""
    process = loaded.definition.process
    types = types_of(process, loaded.definition.decisions)
    for name, decision in loaded.definition.decisions.items():
        try:
            yield name, compiled(decision, types, zone_named(process.zone))
        except InvalidDefinition:
            continue


@warning(
    "ZX1268",
    "unlike-limits",
    en="Of two numbers for one act from one start the stricter decides every case; the other means something else.",
    zh="同一行为、同一起算点有两个不同的期限时，总是较短的起作用；另一个多半另有所指。",
)
def unlike_limits(loaded: Loaded) -> Iterator[Defect]:
    """Report obligations of the same force, act and anchor with other numbers, where no register entry explains it."""
    process, top = loaded.definition.process, Place(loaded.process, loaded.process.node)
    reported: set[str] = set()
    for first, second in _pairs(process):
        if second in reported:
            continue
        one, other = process.obligations[first], process.obligations[second]
        if set(one.do) != set(other.do) or one.force != other.force or one.interpretation or other.interpretation:
            continue
        numbers, others = counted(loaded, one), counted(loaded, other)
        if _differ(numbers, others) and together(loaded, first, second):
            reported.add(second)
            yield Defect(top.name("obligations", second), duty=first, owed=second)


def _differ(numbers: frozenset[Counted], others: frozenset[Counted]) -> bool:
    """True where two obligations count other numbers from the same anchor in the same direction."""
    here = {(entry.anchor, entry.direction) for entry in numbers}
    there = {(entry.anchor, entry.direction) for entry in others}
    return bool(here) and here == there and not (_within(numbers, others) and _within(others, numbers))


def _within(numbers: frozenset[Counted], others: frozenset[Counted]) -> bool:
    """True where each number is among others, whatever the units they are written in."""
    return all(
        any(entry.direction == other.direction and _equal(entry, other) for other in others) for entry in numbers
    )


@of_peers
@warning(
    "ZX1269",
    "unlike-processes",
    en="Two processes that put the same clause into effect for the same act have to ask for the same.",
    zh="两个流程就同一行为落实同一条款的，要求应当一致。",
)
def unlike_processes(loaded: Loaded) -> Iterator[Defect]:
    """Report obligations that another process has from one clause for the same act, with another number or force."""
    process, top = loaded.definition.process, Place(loaded.process, loaded.process.node)
    for name, duty in process.obligations.items():
        for peer in loaded.peers:
            for other_name, other in peer.definition.process.obligations.items():
                if _same_matter(loaded, duty, peer, other) and _asks_otherwise(loaded, duty, peer, other):
                    place = top.name("obligations", name)
                    named = LabelledId(other_name, other.zh or other_name, other.en or other_name)
                    yield Defect(place, duty=name, process=_labelled(peer), other=named)


def _labelled(loaded: Loaded) -> LabelledId:
    """The id of a process with its labels."""
    process, ident = loaded.definition.process, loaded.definition.id
    return LabelledId(ident, process.zh or ident, process.en or ident)


def _same_matter(loaded: Loaded, duty: Obligation, peer: Loaded, other: Obligation) -> bool:
    """True for obligations from one clause for the same acts and items, both as the text has them."""
    if duty.basis is not None or other.basis is not None:
        return False
    if _is_open(duty) != _is_open(other):  # what a person judges is no number beside a number
        return False
    return (
        set(duty.do) == set(other.do)
        and duty.for_ == other.for_
        and bool(_clauses(loaded, duty) & _clauses(peer, other))
        and _in_force_together(loaded.definition.process, peer.definition.process)
    )


def _is_open(duty: Obligation) -> bool:
    return duty.judged_by is not None or (duty.limit is not None and duty.limit.timely)


def matters(loaded: Loaded) -> Iterator[str]:
    """Return what the obligations of a process are about; `unlike_processes` compares none that share none of it.

    Args:
        loaded: the process.
    """
    for duty in loaded.definition.process.obligations.values():
        for clause in _clauses(loaded, duty):
            yield repr((clause, sorted(set(duty.do)), duty.for_))


def _clauses(loaded: Loaded, duty: Obligation) -> set[tuple[str, str]]:
    """The clauses of an obligation, each with its instrument."""
    return {(ref.instrument or loaded.definition.process.law, ref.clause) for ref in duty.law}


def _in_force_together(one: Process, other: Process) -> bool:
    periods = (one.in_force, other.in_force)
    begins = [period.from_ for period in periods if period.from_ is not None]
    ends = [period.to for period in periods if period.to is not None]
    return not begins or not ends or max(begins) <= min(ends)


def _asks_otherwise(loaded: Loaded, duty: Obligation, peer: Loaded, other: Obligation) -> bool:
    """True where the force, or a number that both count from the same start, is another."""
    if duty.force != other.force:
        return True
    return _differ(counted(loaded, duty), counted(peer, other))


CHECKS = (contradictory_obligations, unlike_limits, unlike_processes)
