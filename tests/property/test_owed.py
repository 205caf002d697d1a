"""What a case owes, over random processes: held to enumerations of all paths and of all sets of duties."""

from __future__ import annotations

from datetime import date
from itertools import chain, combinations
from typing import Any

from hypothesis import given, settings, strategies as st
from tests.support import cn, story_of, tries

from zhengxie_flow.engine import CompiledProcess, audit, compile_process, derive
from zhengxie_flow.engine.judging.owed import Candidate, OwedActs, largest
from zhengxie_flow.engine.state_machine.machine import Edge
from zhengxie_flow.engine.state_machine.reachability import graph_of
from zhengxie_flow.model.definition import resolve
from zhengxie_flow.model.verdict import Verdict

STATES = ("s0", "s1", "s2", "s3")
ACTS = ("a0", "a1", "a2", "a3", "a4")
states = st.sampled_from(STATES)
acts = st.sampled_from(ACTS)


# -- passed over ------------------------------------------------------------------------------------------------------

edges = st.lists(
    st.builds(Edge, acts, st.lists(states, max_size=2, unique=True).map(tuple), states, st.none()), max_size=8
)


def paths(moves, start, goal, seen=()):
    """The actions of every path without a circle."""
    if start == goal:
        yield ()
        return
    for edge in moves:
        if (not edge.from_ or start in edge.from_) and edge.to not in (*seen, start):
            for rest in paths(moves, edge.to, goal, (*seen, start)):
                yield edge.action, *rest


@given(edges, states, states)
def test_an_action_is_needed_if_it_is_on_every_path(moves, start, goal):
    every = [set(path) for path in paths(moves, start, goal)]
    wanted = set.intersection(*every) if every else set()
    assert set(graph_of(STATES, moves).needed(start, goal)) == wanted


# -- the largest set of duties ----------------------------------------------------------------------------------------

hangs = st.lists(
    st.tuples(st.sets(acts, min_size=1, max_size=2), st.one_of(st.none(), st.just("never"), st.sets(acts, min_size=1))),
    max_size=5,
)


def _candidate(does, anchor):
    if anchor is None:
        holds = lambda _: True  # noqa: E731
    elif anchor == "never":
        holds = lambda _: False  # noqa: E731
    else:
        holds = lambda owes: any(owes(act, None) for act in anchor)  # noqa: E731
    return Candidate(frozenset((act, None) for act in does), holds)


@given(hangs, st.sets(acts, max_size=2))
def test_the_largest_set_of_duties_that_have_their_anchors_counts(written, passed):
    candidates = [_candidate(*entry) for entry in written]
    every = chain.from_iterable(combinations(candidates, size) for size in range(len(candidates) + 1))
    sound = []
    for chosen in every:
        owed = frozenset(act for candidate in chosen for act in candidate.acts)
        owes = OwedActs(dict.fromkeys(passed), owed).owes
        if all(candidate.anchored(owes) for candidate in chosen):
            sound.append(owed)
    assert largest(passed, candidates) == frozenset().union(*sound)
    assert largest(passed, candidates) in sound


# -- whole cases ------------------------------------------------------------------------------------------------------

WITHIN = {"within": 5, "unit": "working_day"}
limits = st.one_of(
    st.none(),
    acts.map(lambda act: {**WITHIN, "after": act}),
    acts.map(lambda act: {"after": act}),
    acts.map(lambda act: {"before": act}),
    acts.map(lambda act: {"at_least": 3, "unit": "working_day", "before": act}),
    st.lists(acts, min_size=2, max_size=2, unique=True).map(lambda two: {**WITHIN, "after": {"first_of": two}}),
    st.lists(acts, min_size=2, max_size=2, unique=True).map(lambda two: {**WITHIN, "after": {"last_of": two}}),
    acts.map(lambda act: {**WITHIN, "after": {"done": act, "where": {"by": "office"}}}),
)
duties = st.fixed_dictionaries(
    {"do": st.lists(acts, min_size=1, max_size=2, unique=True), "limit": limits},
    optional={"when": st.sampled_from(["wet", {"done": "a0"}]), "force": st.sampled_from(["may", "should"])},
)
actions = st.fixed_dictionaries({"from": st.lists(states, max_size=2, unique=True)}, optional={"to": states})
processes = st.fixed_dictionaries(
    {
        "actions": st.fixed_dictionaries(dict.fromkeys(ACTS, actions)),
        "duties": st.lists(duties, min_size=1, max_size=4),
        "asked": st.lists(acts, max_size=3, unique=True),
        "final": st.sampled_from([True, True, "withdrawn"]),
    }
)
histories = st.lists(st.tuples(st.integers(2, 27), acts), max_size=6).map(sorted)


def process_of(written: dict[str, Any]) -> CompiledProcess:
    made: dict[str, Any] = {"end": {"by": "office", "to": "s3"}}
    for name, action in written["actions"].items():
        made[name] = {"by": "office", **{key: value for key, value in action.items() if value}}
        if name in written["asked"]:
            made[name]["requires"] = [{"id": f"r.{name}", "law": "1", "that": "dry"}]
    return compile_process(
        resolve(
            {"id": "x/p", "process": {
                "language": 1, "process": "p", "law": "x-1", "roles": {"office": {}},
                "facts": {"wet": {"type": "bool"}, "dry": {"type": "bool", "presumed": False}},
                "states": {name: ({"final": written["final"]} if name == "s3" else {}) for name in STATES},
                "actions": made,
                "obligations": {
                    f"d{index}": {key: value for key, value in duty.items() if value is not None} | {"law": "1"}
                    for index, duty in enumerate(written["duties"])
                },
            }}
        )
    )  # fmt: skip


def played(compiled, history):
    told = ({"at": f"2026-03-{day:02}", "do": act, "by": "office"} for day, act in history)
    return story_of(compiled, *told, {"at": "2026-03-30", "do": "end"}, opened="2026-03-01", by="office")


def reference(written, done, visited):
    """The actions passed over, and those owed, by enumerating all paths and all sets of live duties."""
    moves = [
        Edge(name, tuple(action["from"]), action["to"], None)
        for name, action in written["actions"].items()
        if "to" in action
    ]
    moves.append(Edge("end", (), "s3", None))
    passed = set()
    for state in visited:
        every = [set(path) for path in paths(moves, "s0", state)]
        passed |= (set.intersection(*every) if every else set()) - done
    live = []
    for duty in written["duties"]:
        applies = "when" not in duty or duty["when"] == "wet" or "a0" in done
        if duty.get("force") != "may" and applies and not done & set(duty["do"]):
            live.append(duty)
    owed = set()
    for size in range(len(live) + 1):
        for chosen in combinations(live, size):
            acts_ = passed.union(*(duty["do"] for duty in chosen))
            if all(hangs_on(duty["limit"], done, acts_) for duty in chosen):
                owed |= acts_
    return passed, owed


def hangs_on(limit, done, owed):
    if limit is None:
        return True
    anchor = limit.get("after") or limit.get("before")
    if isinstance(anchor, str):
        return anchor in done | owed
    if "done" in anchor:
        return anchor["done"] in done
    parts = [part in done | owed for part in next(iter(anchor.values()))]
    return any(parts) if "first_of" in anchor else all(parts)


@settings(max_examples=tries(150))
@given(processes, histories)
def test_at_the_end_nothing_is_missed_that_nobody_owed(written, history):
    compiled = process_of(written)
    story = played(compiled, history)
    result = audit(derive(compiled, story.case, cn, date(2026, 6, 30)))
    end = next(stay for stay in reversed(story.case.stays) if stay.state == "s3")
    by_end = {act.action for act in story.case.timeline if act.key <= end.key}
    done = {act.action for act in story.case.timeline}
    visited = {stay.state for stay in story.case.stays if stay.key <= end.key}
    passed, owed = reference(written, by_end, visited)
    for index, duty in enumerate(written["duties"]):
        line = next(line for line in result.verdicts if line.obligation == f"d{index}")
        if done & set(duty["do"]) or done != by_end or duty.get("when") == "wet":
            continue
        if written["final"] == "withdrawn" or duty.get("force") == "may" or ("when" in duty and "a0" not in done):
            assert line.verdict not in (Verdict.BREACH, Verdict.DEVIATION) or hangs_on(duty["limit"], done, set())
            continue
        happened = hangs_on(duty["limit"], by_end, set())
        missed = line.verdict in (Verdict.BREACH, Verdict.DEVIATION, Verdict.OVERDUE)
        if not happened:
            assert missed == (hangs_on(duty["limit"], by_end, owed) or set(duty["do"]) <= passed), (line, passed, owed)
    for name in written["asked"]:
        lines = [line for line in result.verdicts if line.obligation == f"r.{name}"]
        if name not in done:
            left_out = name in passed and written["final"] is True
            if done == by_end:
                assert [line.verdict for line in lines] == (
                    [Verdict.BREACH] if left_out else lines and ["not_applicable"]
                )
