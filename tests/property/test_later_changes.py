"""No entry makes an adverse verdict milder without a finding, on every day on which the harsher verdict stood."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings, strategies as st
from tests.support import cn, tries

from zhengxie_flow.engine import CompiledProcess, audit, compile_process, derive, fold
from zhengxie_flow.engine.events.attribution import Attribution
from zhengxie_flow.engine.events.statements import Opening
from zhengxie_flow.errors import ZhengxieError
from zhengxie_flow.model.case import Case
from zhengxie_flow.model.definition import resolve
from zhengxie_flow.model.event import EventType
from zhengxie_flow.model.findings import MilderRecord
from zhengxie_flow.model.scenario import ScriptEvent
from zhengxie_flow.model.verdict import ADVERSE, Judgement
from zhengxie_flow.services.commands.case_script import ScriptSource, begin

START = date(2026, 1, 5)
ZONE = ZoneInfo("Asia/Shanghai")
CHANGING = {EventType.CORRECTED, EventType.DETERMINED, EventType.PLANNED}
MARKS = {"integrity.correction", "integrity.backdated"}


@lru_cache(maxsize=1)
def statute() -> CompiledProcess:
    process: dict[str, Any] = {
        "language": 1, "process": "later", "law": "x-1", "roles": {"office": {}, "head": {}},
        "facts": {
            "hard": {"type": "bool", "presumed": False}, "grave": {"type": "bool"}, "urgent": {"type": "bool"},
            "excuse": {"type": "bool"}, "closed": {"type": "bool"}, "paid": {"type": "date"},
        },
        "states": {"open": {}, "held": {}, "ended": {"final": True}},
        "actions": {
            "receive": {"by": "office"},
            "answer": {"by": "office", "moves": [
                {"from": "open", "to": "ended", "when": "closed"}, {"from": "open", "to": "held"},
            ]},
            "hold": {"by": "office", "requires": [{"id": "r.paid", "law": "1", "that": {"paid": {"recorded": True}}}]},
            "notify": {"by": "office"}, "stop": {"by": "office"}, "resume": {"by": "office"}, "grant": {"by": "head"},
        },
        "obligations": {
            "o.answer": {"law": "1", "do": "answer", "limit": {"after": "receive", "unit": "calendar_day", "choose": [
                {"when": "hard", "within": 20}, {"when": "grave", "within": 15}, {"within": 5},
            ], "suspended": {"from": "stop", "until": "resume", "when": "urgent"}}},
            "o.notify": {"law": "1", "do": "notify", "limit": {"at_least": 5, "before": "hold", "unit": "calendar_day"}},
            "o.soft": {"law": "1", "force": "should", "do": "notify", "excused_by": "excuse",
                       "limit": {"within": 3, "unit": "calendar_day", "after": "receive"}},
            "o.paid": {"law": "1", "do": "hold", "limit": {"within": 4, "unit": "calendar_day", "after": "paid"}},
            "o.asked": {"law": "1", "do": "notify", "when": "urgent", "limit": {
                "within": 6, "unit": "calendar_day", "after": "receive"}},
        },
        "exemptions": {"e.head": {"law": "1", "granted_by": "grant", "lifts": ["o.answer"]}},
    }  # fmt: skip
    return compile_process(resolve({"id": "x/later", "process": process}))


day = st.integers(0, 24)
act = st.fixed_dictionaries(
    {"do": st.sampled_from(["receive", "answer", "hold", "notify", "stop", "resume", "grant"]), "at": day}
)
answer = st.fixed_dictionaries(
    {
        "determine": st.sampled_from(["hard", "grave", "urgent", "excuse", "closed", "paid"]),
        "at": day,
        "value": st.booleans(),
    }
)
plan = st.fixed_dictionaries({"plan": st.just("hold"), "at": day, "to": st.integers(0, 40)})
correction = st.fixed_dictionaries({"correct": st.integers(2, 12), "at": day, "to": st.none() | day})
histories = st.lists(
    st.tuples(st.one_of(act, act, answer, plan, correction), st.integers(0, 6)), min_size=2, max_size=9
)


def written(entry: dict[str, Any]) -> dict[str, Any]:
    """An entry of a history, as in a scenario."""
    at = (START + timedelta(days=entry["at"])).isoformat()
    if "do" in entry:
        return {"do": entry["do"], "at": at, "by": "head" if entry["do"] == "grant" else "office"}
    if "determine" in entry:
        name = entry["determine"]
        value = at if name == "paid" else entry["value"]
        return {"determine": {name: value}, "at": at, "by": "office", "reason": "r"}
    if "plan" in entry:
        to = (START + timedelta(days=entry["to"])).isoformat()
        return {"plan": "hold", "to": to, "at": at, "by": "office"}
    to = entry["to"]
    changed = {} if to is None else {"with": {"at": (START + timedelta(days=to)).isoformat()}}
    return {"correct": entry["correct"], "at": at, "by": "head", "reason": "r", **changed}


def played(history: list[tuple[dict[str, Any], int]]) -> Case:
    """The case after a history; each entry is recorded some days after it happened, and never before the one before."""
    compiled = statute()
    source = ScriptSource(compiled, cn)
    first = datetime.combine(START, time(8), ZONE)
    story, _ = begin(source, "case-1", Opening(), Attribution(by="office", at=START), first)
    recorded = START
    for entry, late in history:
        recorded = max(recorded, START + timedelta(days=entry["at"] + late))
        try:
            for _ in story.apply(
                ScriptEvent.model_validate(written(entry)), datetime.combine(recorded, time(20), ZONE)
            ):
                pass
        except ZhengxieError:
            continue  # no such event, or it cannot be corrected
    return story.case


def verdicts(case: Case, as_of: date) -> tuple[Judgement, ...]:
    return audit(derive(statute(), case, cn, as_of)).verdicts


def plain(lines: tuple[Judgement, ...]) -> dict[Any, list[Judgement]]:
    """The lines but those on later changes, by what they are about."""
    rows: dict[Any, list[Judgement]] = {}
    for line in lines:
        own = line.is_action or line.obligation.startswith("integrity.")
        about = line.actual.event if own and line.actual is not None else None
        if line.obligation not in MARKS:
            rows.setdefault((line.obligation, line.item, line.is_action, about), []).append(line)
    return {key: sorted(row, key=lambda line: line.verdict.severity) for key, row in rows.items()}


def milder(before: tuple[Judgement, ...], after: tuple[Judgement, ...]) -> bool:
    now = plain(after)
    return any(
        line.verdict in ADVERSE
        and (place >= len(now.get(key, [])) or now[key][place].verdict.severity > line.verdict.severity)
        for key, lines in plain(before).items()
        for place, line in enumerate(lines)
    )


def moved_late(before: tuple[Judgement, ...], after: tuple[Judgement, ...]) -> bool:
    """True where an answer moved a last day that would have been missed at its shortest."""
    now = {line.obligation: line for line in after}
    return any(
        line.verdict == "needs_judgement" and not ADVERSE.isdisjoint(line.outcomes) and line.due is not None
        and (other := now[line.obligation].due) is not None and other > line.due
        for line in before
    )  # fmt: skip


@settings(max_examples=tries(120), deadline=None)
@given(histories)
def test_whatever_makes_an_adverse_verdict_milder_is_found_and_nothing_else(history):
    case = played(history)
    for end in range(1, len(case.events)):
        event, stage = case.events[end], fold(case.events[: end + 1])
        happened, recorded = event.day(ZONE), event.recorded.astimezone(ZONE).date()
        late = event.type is EventType.ACT and happened < recorded
        for days in (0, 1, 2, 4, 7, 12, 20):
            as_of = recorded - timedelta(days=days)
            if as_of < START:
                continue
            before, after = verdicts(fold(case.events[:end]), as_of), verdicts(stage, as_of)
            found = [
                line.obligation
                for line in after
                if line.obligation in MARKS and line.actual is not None and line.actual.event == event.sequence
            ]
            changed = milder(before, after) or (event.type is EventType.DETERMINED and moved_late(before, after))
            expected = changed and (event.type in CHANGING or late)
            name = "integrity.correction" if event.type in CHANGING else "integrity.backdated"
            assert found == [name] * expected, (event.type, as_of)
            notes = [line.note(MilderRecord) for line in after if line.obligation in found]
            assert all(note is not None and note.verdicts for note in notes)


@settings(max_examples=tries(60), deadline=None)
@given(st.integers(0, 4), st.booleans(), st.sampled_from(["urgent", "closed", "excuse"]))
def test_an_answer_to_what_needed_a_judgement_is_no_correction(late, value, name):
    history = [
        ({"do": "receive", "at": 0}, 0), ({"determine": "grave", "at": 0, "value": False}, 0),
        ({"do": "answer", "at": 3}, 0), ({"determine": name, "at": 9, "value": value}, late),
    ]  # fmt: skip
    case = played(history)
    lines = verdicts(case, START + timedelta(days=20))
    corrections = [line for line in lines if line.obligation in MARKS]
    assert all(change.old != "needs_judgement" for line in corrections for change in line.note(MilderRecord).verdicts)
