"""Random small statutes and histories with everything that time can do, kept in a journal in memory.

A statute is drawn from a fixed stock of words with random amounts, units and consequences; a history is a list of steps
that are tried on later and later days, those that cannot be done left out.  What a history holds is counted, so that a
property can say that its cases were not all alike.
"""

from __future__ import annotations

from collections import Counter
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from tests.support import CALENDARS

from zhengxie_flow.engine import Command, CompiledProcess, compile_process
from zhengxie_flow.engine.events.attribution import Attribution
from zhengxie_flow.engine.events.corrections import Correction
from zhengxie_flow.engine.events.statements import Opening
from zhengxie_flow.errors import NotFound, ZhengxieError
from zhengxie_flow.model.case import Case, Parent
from zhengxie_flow.model.definition import resolve
from zhengxie_flow.model.event import EventType
from zhengxie_flow.services.commands import acts, opening, statements
from zhengxie_flow.services.commands.ticking import tick
from zhengxie_flow.services.context import Context
from zhengxie_flow.services.writing import Submission
from zhengxie_flow.testing.memory import MemoryJournal

ZONE = ZoneInfo("Asia/Shanghai")
START = date(2026, 3, 2)
CASE, SUBCASE = "c", "s"
HELD = (
    "deemed act",
    "lapse",
    "stop",
    "extension",
    "restart",
    "exemption",
    "delegation",
    "subcase",
    "item",
    "correction",
)
"""What a history may hold; each is counted."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The random parts of a statute."""

    unit: str
    days: int
    mend: int
    reply: int
    ends: bool  # silence on the application ends the case
    stop_if: bool  # the clock stops only on a ground
    lasting: bool  # the power to exempt has a last day
    minimum: int
    back: bool  # what silence brings counts from the day of its anchor


SHAPES = st.builds(
    Shape,
    unit=st.sampled_from(("working_day", "calendar_day")),
    days=st.integers(2, 9),
    mend=st.integers(1, 6),
    reply=st.integers(1, 6),
    ends=st.booleans(),
    stop_if=st.booleans(),
    lasting=st.booleans(),
    minimum=st.integers(1, 4),
    back=st.booleans(),
)


@lru_cache(maxsize=4096)
def statute(shape: Shape) -> tuple[CompiledProcess, CompiledProcess]:
    """The statute of a case and that of its subcases."""
    unit, at = {"unit": shape.unit}, "anchor" if shape.back else "due"
    decide: dict[str, Any] = {
        "within": shape.days, **unit, "after": "receive", "restarts_on": "again",
        "suspended": {"from": "pause", "until": "resume", **({"when": "grave"} if shape.stop_if else {})},
        "extended_by": [{"action": "extend", "by": "head", "add": {"field": "days"}, "up_to": 5}],
        "on_lapse": {"deem": {"action": "granted" if shape.ends else "silent", "at": at}},
    }  # fmt: skip
    everywhere = ["open", "running", "waiting"]
    actions: dict[str, Any] = {
        "receive": {"by": "office", "from": "open", "to": "running"},
        "pause": {"by": "office", "from": everywhere},
        "resume": {"by": "office", "from": everywhere},
        "again": {"by": "office", "from": everywhere},
        "extend": {"by": ["head", "deputy"], "from": everywhere, "with": {"days": {"type": "int"}}},
        "ask": {"by": "office", "from": "running", "to": "waiting"},
        "mend": {"by": "party", "from": "waiting", "to": "running"},
        "give_up": {"from": "waiting", "to": "given_up"},
        "decide": {"by": ["office", "deputy"], "from": everywhere, "to": "closed"},
        "granted": {"from": everywhere, "to": "closed"},
        "silent": {},
        "consult": {"by": "office", "from": everywhere, "adds": "neighbour"},
        "reply": {"by": "neighbour", "from": everywhere, "for": "neighbour", "item": {"from": "asked", "to": "heard"}},
        "agreed": {"from": everywhere, "for": "neighbour", "item": {"from": "asked", "to": "agreed"}},
        "spare": {"by": "head", "from": everywhere, "with": {"upto": {"type": "date"}}},
        "lend": {
            "by": "head", "from": everywhere, "with": {"since": {"type": "date"}, "upto": {"type": "date"}},
            "delegates": {"role": "deputy", "from": "since", "until": "upto"},
        },
        "report": {"by": "office"},
    }  # fmt: skip
    process = {
        "language": 1, "process": "matter", "law": "x-1",
        "roles": {"office": {}, "head": {}, "party": {}, "deputy": {}},
        "facts": {"grave": {"type": "bool"}, "target": {"type": "date"}},
        "items": {"neighbour": {"states": {"asked": {}, "heard": {"final": True}, "agreed": {"final": True}}}},
        "states": {
            "open": {}, "running": {}, "waiting": {}, "given_up": {"final": "withdrawn"}, "closed": {"final": True},
        },
        "actions": actions,
        "obligations": {
            "o.decide": {"law": "1", "who": "office", "do": "decide", "limit": decide},
            "o.mend": {
                "law": "2", "who": "party", "do": "mend",
                "limit": {
                    "within": shape.mend, **unit, "after": "ask", "late": "lapsed",
                    "on_lapse": {"deem": {"action": "give_up"}},
                },
            },
            "o.reply": {
                "law": "3", "who": "neighbour", "for": "neighbour", "do": "reply",
                "limit": {
                    "within": shape.reply, **unit, "after": "consult", "late": "lapsed",
                    "on_lapse": {"deem": {"action": "agreed", "at": at}},
                },
            },
            "o.report": {
                "law": "4", "who": "office", "do": "report",
                "limit": {"within": 3, **unit, "after": {"due": "o.decide"}},
            },
            "o.wait": {
                "law": "5", "who": "head", "do": "spare",
                "limit": {"at_least": shape.minimum, **unit, "after": "receive"},
            },
            "o.target": {"law": "6", "who": "office", "do": "report", "limit": {"by_date": "target"}},
            "o.early": {
                "law": "11", "who": "office", "do": "consult",
                "limit": {"within": shape.reply, **unit, "after": "pause", "early": "counts", "count": "clear_days"},
            },
            "o.monthly": {
                "law": "12", "who": "office", "do": "report",
                "limit": {"every": {"period": "month", "by": {"day": 3 * shape.days}}, "roll": "next"},
            },
        },
        "exemptions": {
            "e.spare": {
                "law": "7", "granted_by": "spare", "lifts": ["o.report"],
                **({"expires": "upto"} if shape.lasting else {}),
            },
        },
        "subcases": {
            "hearing": {
                "process": "x/hearing", "by": "office",
                "states": {"called": False, "sat": True, "void": "withdrawn"},
            },
        },
    }  # fmt: skip
    hearing = {
        "language": 1, "process": "hearing", "law": "x-1", "roles": {"office": {}, "party": {}},
        "states": {"called": {}, "sat": {"final": True}, "void": {"final": "withdrawn"}},
        "actions": {
            "call": {"by": "office", "from": "called"},
            "sit": {"by": "office", "from": "called", "to": "sat"},
            "lapse": {"from": "called", "to": "void"},
        },
        "obligations": {
            "h.sit": {
                "law": "8", "who": "office", "do": "sit",
                "limit": {
                    "within": shape.mend, **unit, "after": "call", "on_lapse": {"deem": {"action": "lapse"}},
                },
            },
        },
    }  # fmt: skip
    return (
        compile_process(resolve({"id": "x/matter", "process": process})),
        compile_process(resolve({"id": "x/hearing", "process": hearing})),
    )


@dataclass(slots=True)
class Hand:
    """A clock that is set by hand."""

    day: date = START
    fixed: bool = False

    def now(self) -> datetime:
        """Return noon of its day."""
        return datetime.combine(self.day, time(12), ZONE)


@dataclass(slots=True)
class _Definitions:
    processes: dict[str, CompiledProcess]

    def by_id(self, process: str) -> CompiledProcess:
        return self.processes[process]

    def by_hash(self, digest: str) -> CompiledProcess:
        for compiled in self.processes.values():
            if compiled.hash == digest:
                return compiled
        raise NotFound("ZX4006", hash=digest)

    def steady(self) -> AbstractContextManager[None]:
        return nullcontext()


@dataclass(slots=True)
class _Ids:
    count: int = 0

    def new(self) -> str:
        self.count += 1
        return f"k{self.count}"


Step = tuple[int, str, int, bool]
"""Days to go on, what to try, a number for it, and whether it is recorded for the day before."""
WORDS = (
    "receive", "receive", "pause", "resume", "again", "extend", "ask", "mend", "decide", "consult", "reply", "spare",
    "lend", "report", "grave", "not grave", "target", "plan", "explain", "correct", "hearing", "call", "sit", "tick",
)  # fmt: skip
HISTORIES = st.lists(
    st.tuples(st.integers(0, 4), st.sampled_from(WORDS), st.integers(1, 9), st.booleans()), min_size=3, max_size=14
)


@dataclass(slots=True)
class World:
    """A journal in memory with one case, and perhaps a subcase, that grows step by step."""

    shape: Shape
    clock: Hand = field(default_factory=Hand)
    context: Context = field(init=False)

    def __post_init__(self) -> None:
        matter, hearing = statute(self.shape)
        definitions = _Definitions({matter.id: matter, hearing.id: hearing})
        self.context = Context(MemoryJournal(), definitions, CALENDARS, self.clock, _Ids())
        opening.open_(self.context, "x/matter", CASE, Opening(), Attribution(by="office"))

    def step(self, step: Step) -> None:
        """Go on some days, then try something; what cannot be done is left out."""
        days, word, number, late = step
        self.clock.day += timedelta(days=days)
        at = self.clock.day - timedelta(days=1) if late else None
        with suppress(ZhengxieError):  # not allowed now, or about something that is not there
            self._try(word, number, max(at, START) if at is not None else None)

    def _try(self, word: str, number: int, at: date | None) -> None:  # noqa: C901  # one way a word
        context, day = self.context, self.clock.day
        by = {"mend": "party", "spare": "head", "lend": "head", "extend": "head"}.get(word, "office")
        said = Submission(CASE, Attribution(by=by, at=at))
        match word:
            case "tick":
                list(tick(context))
            case "grave" | "not grave":
                statements.determine(context, said, {"grave": word == "grave"}, reason="r")
            case "target":
                target = (day + timedelta(days=number)).isoformat()
                statements.determine(context, said, {"target": target}, reason="r")
            case "plan":
                statements.plan(context, said, "decide", day + timedelta(days=number))
            case "explain":
                statements.explain(context, said, "o.report", reason="r")
            case "correct":
                moved = (day - timedelta(days=number)).isoformat()
                change = Correction(event=number, reason="r", retract=number % 3 == 0, changes={"at": moved})
                if number % 3 == 0:
                    change = Correction(event=number, reason="r", retract=True)
                statements.correct(context, said, change)
            case "hearing":
                opening.open_(
                    context,
                    "x/hearing",
                    SUBCASE,
                    Opening(parent=Parent(CASE, "hearing")),
                    Attribution(by="office", at=at),
                )
            case "call" | "sit":
                acts.act(context, SUBCASE, Command(action=word, by="office", at=at))
            case "consult":
                acts.act(context, CASE, Command(action=word, by="office", item=f"n{number % 3}", at=at))
            case "reply":
                item = f"n{number % 3}"
                acts.act(context, CASE, Command(action=word, by=item, item=item, at=at))
            case _:
                until = (day + timedelta(days=number)).isoformat()
                fields = {
                    "extend": {"days": number},
                    "spare": {"upto": until} if number % 2 else {},
                    "lend": {"since": day.isoformat(), "upto": until},
                }
                acts.act(context, CASE, Command(action=word, by=by, fields=fields.get(word, {}), at=at))

    def holds(self) -> set[str]:
        """What the history holds, of `HELD`."""
        case = self.context.read(CASE).case
        done = {event.action for event in case.events}
        present = {
            "stop": "pause" in done,
            "extension": "extend" in done,
            "restart": "again" in done,
            "exemption": "spare" in done,
            "delegation": "lend" in done,
            "subcase": any(event.type is EventType.SUBCASE for event in case.events),
            "item": bool(case.items),
            "correction": any(event.type is EventType.CORRECTED for event in case.events),
        }
        return {name for name, is_there in present.items() if is_there}


def brought(case: Case) -> set[str]:
    """What time has brought to a derived case, of `HELD`."""
    deemed = {event.action for event in case.events if event.type is EventType.DEEMED}
    return ({"deemed act"} if deemed else set()) | ({"lapse"} if deemed & {"give_up", "agreed"} else set())


@dataclass(slots=True)
class Tally:
    """How many histories a property saw, and how many of them held what."""

    histories: int = 0
    held: Counter[str] = field(default_factory=Counter)

    def count(self, holds: set[str]) -> None:
        """Count one history."""
        self.histories += 1
        self.held.update(holds)

    def scarce(self, share: float = 0.02) -> dict[str, int]:
        """What fewer histories held than their share."""
        return {name: self.held[name] for name in HELD if self.held[name] < share * self.histories}
