"""The outcomes of a computation that asks unknown conditions, against every set of answers written out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import product
from random import Random
from typing import Any

import pytest
from tests.support import cn, story_of

from zhengxie_flow.conditions import Scope, Trace
from zhengxie_flow.engine import CompiledProcess, compile_process, derive
from zhengxie_flow.engine.limits.answers import MAX_RUNS, AssumedAnswers, assumed, holds, possible_outcomes
from zhengxie_flow.engine.limits.counted_acts import matching
from zhengxie_flow.engine.view import CaseView
from zhengxie_flow.model.case import Act
from zhengxie_flow.model.condition import Condition
from zhengxie_flow.model.definition import resolve

DAY = date(2026, 3, 2)
FACTS = tuple(f"f{number}" for number in range(9))
ASKED: dict[str, Any] = {
    **{name: name for name in FACTS},
    **{f"not {name}": {"not": name} for name in FACTS},
    "not not f0": {"not": {"not": "f0"}},
    "is this": {"grade": "high"},
    "more than": {"size": {"more_than": 3}},
    "of the item": "grave",
    "against a field": {"size": {"more_than": {"field": "limit"}}},
    "in a field": {"grades": {"includes": ["low", {"field": "other"}]}},
    "of the act": {"urgent": True},
    "by whom": {"by": "somebody"},
    "f0 and f1": {"all": ["f0", "f1"]},
}


def compiled() -> CompiledProcess:
    facts = {name: {"type": "bool", "by": "office"} for name in FACTS}
    duties = {f"o.{place}": {"law": "1", "do": "act", "when": when} for place, when in enumerate(ASKED.values())}
    process = {
        "language": 1, "process": "asked", "law": "x-1", "roles": {"office": {}}, "states": {"open": {}},
        "facts": {**facts, "grade": {"type": "text"}, "size": {"type": "int"}, "limit": {"type": "int"}, "other": {"type": "text"}, "grades": {"type": "set", "of": {"low": {}, "high": {}}},
                  "urgent": {"type": "bool"}, "grave": {"type": "bool"}},
        "items": {"matter": {"fields": {"grave": {"type": "bool"}}}},
        "actions": {"act": {"by": "office", "with": {"urgent": {"type": "bool"}}}, "other": {"by": "office"}},
        "obligations": duties,
    }  # fmt: skip
    return compile_process(resolve({"id": "x/asked", "process": process}))


COMPILED = compiled()
CONDITIONS: dict[str, Condition] = {
    name: duty.when
    for name, duty in zip(ASKED, COMPILED.process.obligations.values(), strict=True)
    if duty.when is not None
}


def view_of(*told: dict[str, Any], **more: Any) -> CaseView:
    story = story_of(COMPILED, *told, opened="2026-03-02", by="office", **more)
    return derive(COMPILED, story.case, cn, date(2026, 3, 20)).view


@pytest.fixture(scope="module")
def view() -> CaseView:
    acts = ({"at": "2026-03-03", "do": "act", "by": "office"}, {"at": "2026-03-04", "do": "act", "by": "office"})
    return view_of(*acts, items={"matter": {"m1": {}, "m2": {}}})


def asks(*names: str) -> Callable[[CaseView], tuple[Any, ...]]:
    """The truth of conditions, all of them asked."""
    return lambda view: tuple(holds(view, CONDITIONS[name], view, Scope()) for name in names)


@pytest.mark.parametrize("size", range(1, 8))
def test_independent_conditions_have_every_answer_once(view: CaseView, size: int) -> None:
    outcomes = possible_outcomes(view, asks(*FACTS[:size]))
    assert outcomes.results[0] == (False,) * size
    assert sorted(outcomes.results) == sorted(product((False, True), repeat=size))
    assert (outcomes.needs, outcomes.complete) == (FACTS[:size], True)


def test_too_many_are_not_worked_out(view: CaseView) -> None:
    assert MAX_RUNS == 128
    outcomes = possible_outcomes(view, asks(*FACTS[:8]))
    assert len(outcomes.results) == len(set(outcomes.results)) == 128
    assert not outcomes.complete


def decision_tree(chance: Random, depth: int) -> Any:
    """A fact and what follows if it is false and true; or a result."""
    if depth == 0 or chance.random() < 0.2:
        return chance.randrange(1000)
    return chance.choice(FACTS), decision_tree(chance, depth - 1), decision_tree(chance, depth - 1)


def followed(tree: Any, answer: Callable[[str], bool]) -> list[Any]:
    path = []
    while isinstance(tree, tuple):
        fact, no, yes = tree
        path.append((fact, answer(fact)))
        tree = yes if path[-1][1] else no
    return [*path, tree]


@pytest.mark.parametrize("seed", range(40))
def test_questions_that_hang_on_answers_are_asked_along_each_way_once(view: CaseView, seed: int) -> None:
    tree = decision_tree(Random(seed), 5)
    outcomes = possible_outcomes(
        view, lambda seen: followed(tree, lambda name: bool(holds(seen, CONDITIONS[name], seen, Scope())))
    )
    every = [dict(zip(FACTS, answers, strict=True)) for answers in product((False, True), repeat=9)]
    ways = {tuple(map(str, followed(tree, answers.__getitem__))) for answers in every}
    assert sorted(tuple(map(str, result)) for result in outcomes.results) == sorted(ways)
    assert outcomes.complete
    assert set(outcomes.needs) == {
        fact for result in outcomes.results for fact, *_ in (e for e in result if isinstance(e, tuple))
    }


def test_what_nobody_has_to_answer_has_one_outcome() -> None:
    known = view_of({"at": "2026-03-02", "determine": {"f0": True}, "by": "office", "reason": "r"})
    outcomes = possible_outcomes(known, asks("f0", "not f0"))
    assert (outcomes.results, outcomes.needs, outcomes.complete) == (((True, False),), (), True)
    mixed = possible_outcomes(known, asks("f0", "f1"))
    assert (mixed.results, mixed.needs) == (((True, False), (True, True)), ("f1",))
    assert possible_outcomes(known, lambda seen: holds(seen, None, seen, Scope())).results == (True,)


def test_of_a_condition_and_its_opposite_one_holds(view: CaseView) -> None:
    outcomes = possible_outcomes(view, asks("f0", "not f0", "f0", "not not f0"))
    assert set(outcomes.results) == {(False, True, False, False), (True, False, True, True)}
    assert outcomes.needs == ("f0",)
    alone = possible_outcomes(view, asks("not f1"))
    assert set(alone.results) == {(True,), (False,)}


def test_without_answers_the_unknown_stays_unknown(view: CaseView) -> None:
    for name in ("f0", "not f0", "not not f0", "f0 and f1"):
        assert holds(view, CONDITIONS[name], view, Scope()) is None
        assert assumed(view, CONDITIONS[name], Scope(), Trace()) is None


def test_a_trace_given_collects_what_the_result_rests_on(view: CaseView) -> None:
    trace = Trace()
    assert holds(view, CONDITIONS["f0"], view, Scope(), trace) is None
    assert list(trace.needs) == ["f0"]


def counted(view: CaseView, name: str, *asked: tuple[int | None, str | None, Any]) -> int:
    """How many outcomes a condition has that is asked about acts (by number), items and places."""
    acts = view.acts(("act",))
    items = view.case.items["matter"]

    def compute(seen: CaseView) -> tuple[Any, ...]:
        answers = []
        for act, item, place in asked:
            scope = Scope(act=None if act is None else acts[act], item=None if item is None else items[item])
            answers.append(assumed(seen, CONDITIONS[name], scope, Trace(), place))
        return tuple(answers)

    return len(set(possible_outcomes(view, compute).results))


BOTH_ACTS = ((0, None, None), (1, None, None))
TWO_PLACES = ((None, None, (DAY, 1)), (None, None, (DAY, 2)))
BOTH_ITEMS = ((None, "m1", None), (None, "m2", None))


@pytest.mark.parametrize(
    ("name", "acts", "places"),
    [
        ("f0", 2, 2), ("is this", 2, 2), ("more than", 2, 2), ("not f0", 2, 2),  # a fact of the case: one question
        ("of the act", 4, 2), ("by whom", 4, 2),  # names the act means first
        ("against a field", 4, 4), ("in a field", 4, 4), ("f0 and f1", 4, 4),  # what else it asks may differ
    ],
)  # fmt: skip
def test_what_is_one_question_and_what_is_two(view: CaseView, name: str, acts: int, places: int) -> None:
    assert counted(view, name, *BOTH_ACTS) == acts
    assert counted(view, name, *TWO_PLACES) == places
    assert counted(view, name, *BOTH_ITEMS) == 4
    assert counted(view, name, *BOTH_ACTS, *BOTH_ACTS) == acts
    assert counted(view, name, (0, None, (DAY, 1)), (0, None, (DAY, 2))) == 2  # the place of an act is its own


# -- acts that another act is deemed to be, under a condition that is unknown


def deeming(cause: dict[str, Any], deemed: dict[str, Any], deem: dict[str, Any], told: dict[str, Any]) -> CaseView:
    process = {
        "language": 1, "process": "deeming", "law": "x-1", "roles": {"office": {}}, "states": {"open": {}},
        "facts": {"f0": {"type": "bool", "by": "office"}, "urgent": {"type": "bool", "by": "office"}, "kind": {"type": "text", "by": "office"}},
        "items": {"guest": {"fields": {"kind": {"type": "text"}}}, "paper": {"fields": {}}},
        "actions": {
            "appear": {"by": "office", "with": {"urgent": {"type": "bool"}}, **cause, "deem": {"action": "receive", "with": {"note": "x"}, **deem}},
            "receive": {"by": "office", "with": {"note": {"type": "text"}}, **deemed}, "answer": {"by": "office", **deemed},
        },
        "obligations": {"o": {"law": "1", "do": "answer", "limit": {"within": 5, "unit": "working_day", "after": "receive"}, **deemed}},
    }  # fmt: skip
    process_ = compile_process(resolve({"id": "x/deeming", "process": process}))
    told = {"at": "2026-03-04", "do": "appear", "by": "office", **told}
    story = story_of(
        process_, told, opened="2026-03-02", by="office", items={"guest": {"g1": {"kind": "public"}, "g2": {}}}
    )
    return derive(process_, story.case, cn, date(2026, 3, 20)).view


EACH = {"for": "guest"}


@pytest.mark.parametrize(("cause", "deemed", "owner"), [({}, {}, None), (EACH, EACH, "g1"), (EACH, {}, None)])
@pytest.mark.parametrize("assumed_true", [True, False])
def test_an_act_deemed_done_is_there_where_its_condition_is_assumed_to_hold(
    cause: dict[str, Any], deemed: dict[str, Any], owner: str | None, assumed_true: bool
) -> None:
    view = deeming(cause, deemed, {"when": "f0"}, {"for": "g1"} if cause else {})
    assert list(matching(view, ("receive",), None)) == []
    run = AssumedAnswers((assumed_true,))
    item = view.case.items["guest"]["g1"] if owner else None
    acts = list(matching(view.answering(run), ("receive", "appear"), item))
    (appeared,) = view.acts(("appear",))
    assumption = Act(appeared.key, "receive", None, owner, {"note": "x"})
    assert sorted(acts, key=lambda act: act.action) == ([appeared, assumption] if assumed_true else [appeared])
    assert list(run.needs) == ["f0"]
    other = list(matching(view.answering(AssumedAnswers((True,))), ("receive",), view.case.items["guest"]["g2"]))
    assert other == ([] if owner else [assumption])


@pytest.mark.parametrize(
    ("deem", "told", "deemed"),
    [
        ({"when": {"urgent": True}}, {"with": {"urgent": True}}, 1), ({"when": {"urgent": True}}, {"with": {"urgent": False}}, 0),
        ({"when": {"kind": "expert"}}, {}, 0), ({"when": {"kind": "public"}}, {}, 1), ({}, {}, 1),
    ],
)  # fmt: skip
def test_where_the_condition_is_known_nothing_is_assumed(
    deem: dict[str, Any], told: dict[str, Any], deemed: int
) -> None:
    view = deeming(EACH, EACH, deem, {"for": "g1", **told})
    run = AssumedAnswers((True,))
    assert len(list(matching(view.answering(run), ("receive",), view.case.items["guest"]["g1"]))) == deemed
    assert run.answers == {}
