"""Other state machines doing what one act of the engine does, as programs use them: a guard, a move, the data kept.

The guard asks what the engine asks: that the role may act, that a field is there, and that it holds both the council
and the committee.  What is kept says what the engine's event says.  In their favour each goes to and fro in one running
machine and keeps plain dictionaries, where the engine gives back a new case and leaves the old one as it was.  Both are
installed by ``make bench`` alone.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
ROLES = frozenset({"office"})
BODIES = frozenset({"council", "committee"})
NOW = datetime.fromisoformat("2026-03-04T10:00:00+08:00")
TOLD = {"by": "office", "to": ["council", "committee"], "now": NOW}
Step = Callable[[], object]


def allowed(by: str, to: list[str] | None) -> bool:
    """The conditions of the act; what was not said allows nothing."""
    return by in ROLES and to is not None and set(to) >= BODIES


def entry(journal: list[Any], by: str, to: list[str], now: datetime) -> dict[str, Any]:
    """Return the journal entry of the act."""
    return {
        "case": "case-1",
        "sequence": len(journal) + 1,
        "type": "act",
        "mode": "advanced",
        "occurred": now.astimezone(ZONE),
        "recorded": now,
        "action": "report",
        "by": by,
        "body": {"fields": {"to": sorted(to)}, "state": {"from": "held", "to": "closed"}},
        "evidence": (),
        "definition": "d",
        "calendar": "c",
    }


def python_statemachine() -> Step:
    """The machines of python-statemachine (MIT licence)."""
    from statemachine import State, StateMachine

    class Talk(StateMachine):  # type: ignore[misc]  # no types where it is not installed
        held = State(initial=True)
        closed = State()
        report = held.to(closed, cond="to_all") | closed.to(held, cond="to_all")

        def __init__(self) -> None:
            self.journal: list[Any] = []
            super().__init__()

        def to_all(self, by: str, to: list[str]) -> bool:
            return allowed(by, to)

        def on_report(self, by: str, to: list[str], now: datetime) -> None:
            self.journal.append(entry(self.journal, by, to, now))

    talk = Talk()
    _moves(lambda: talk.report(**TOLD), lambda: len(talk.journal))
    return lambda: talk.report(**TOLD)


CHART = """
statechart:
  name: talk
  preamble: journal = []
  root state:
    name: root
    initial: held
    states:
      - name: held
        transitions:
          - target: closed
            event: report
            guard: allowed(event.by, event.to)
            action: journal.append(entry(journal, event.by, event.to, event.now))
      - name: closed
        transitions:
          - target: held
            event: report
            guard: allowed(event.by, event.to)
            action: journal.append(entry(journal, event.by, event.to, event.now))
"""


def sismic() -> Step:
    """The statecharts of sismic (LGPL 3.0 licence)."""
    from sismic.interpreter import Interpreter
    from sismic.io import import_from_yaml

    interpreter = Interpreter(import_from_yaml(CHART), initial_context={"allowed": allowed, "entry": entry})
    interpreter.execute_once()

    def step() -> object:  # as its manual runs what was queued: until nothing more follows
        return interpreter.queue("report", **TOLD).execute()

    _moves(step, lambda: len(interpreter.context["journal"]))
    return step


def _moves(step: Step, kept: Callable[[], int]) -> None:
    """A peer that does not do the step is no peer."""
    before = kept()
    step()
    assert kept() == before + 1, "the step was not taken"


MACHINES: dict[str, Callable[[], Step]] = {"python-statemachine": python_statemachine, "sismic": sismic}
