"""A case of many events and many items, for what an act on it costs and what it writes."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from zhengxie_flow import Engine
from zhengxie_flow.bootstrap import FixedClock
from zhengxie_flow.engine import fold
from zhengxie_flow.engine.editions.governing import GovernedCase
from zhengxie_flow.model.body import plain, read_body
from zhengxie_flow.model.event import Event
from zhengxie_flow.services.writing import append

OPENED = datetime(2026, 1, 20, 1, 0, tzinfo=UTC)
CASE = "many"
TELLING = {"topic": "t", "scheduled": "s", "content": "c", "planned_forms": ["special_consultation"]}
STORY: tuple[tuple[int, str, str, str | None, dict[str, Any]], ...] = (
    (1, "enter_catalogue", "municipal_leader_approver", None,
     {**TELLING, "participation_scope": "p", "content_category": "major_decision_draft"}),
    (2, "publish_catalogue", "general_office", None, {"url": "u"}),
    (3, "concur", "general_office", None, {}),
    (3, "concur", "united_front_department", None, {}),
    (3, "concur", "undertaking_department", None, {}),
    (4, "deliver_notice_and_documents", "general_office", "a", {"receipt": "r"}),
    (4, "deliver_notice_and_documents", "general_office", "b", {"receipt": "r"}),
    (5, "prepare", "general_office", None, {}),
    (40, "hold", "undertaking_department", None, {"actual_forms": ["special_consultation"], "host": "principal_leader"}),
    (41, "register_opinion", "undertaking_department", "o0", {"counterpart": "a", "content": "c"}),
    (42, "collect", "general_office", None, {"analysis": "a"}),
)  # fmt: skip


def large_case(db: Path | str, opinions: int, events: int) -> Engine:
    """An engine with a consultation of so many opinions and at least so many events."""
    engine = Engine(db, clock=FixedClock(OPENED + timedelta(days=90)), create=True)
    parties = {"a": {"kind": "democratic_party"}, "b": {"kind": "expert"}}
    facts = {"phase": "pre_decision"}
    engine.open("jilin/consultation", CASE, by="general_office", facts=facts, items={"counterpart": parties}, at=OPENED)
    for day, action, by, item, fields in STORY:
        at = OPENED + timedelta(days=day)
        engine.record(CASE, action, at=at, by=by, item=item, fields=fields, actor="somebody")
    *_, opinion, collected = engine.context.journal.events(CASE)
    more = [_renamed(opinion, number) for number in range(1, opinions)]
    more += [collected] * (events - len(engine.context.journal.events(CASE)) - len(more))
    if more:
        _append(engine, more)
    return engine


def _renamed(event: Event, number: int) -> Event:
    """The registration of another opinion."""
    body = json.loads(json.dumps(plain(event.body)).replace('"o0"', f'"o{number}"'))
    return replace(event, item=f"o{number}", body=read_body(event.type, body))


def _append(engine: Engine, more: list[Event]) -> None:
    """Append copies of events in one write."""
    context = engine.context
    with context.journal.transaction() as transaction:
        case = context.within(transaction, CASE)
        compiled = context.definitions.by_hash(case.definition)
        new = [replace(event, sequence=case.version + 1 + n, key=f"more{n}", hash="") for n, event in enumerate(more)]
        append(context, transaction, GovernedCase(compiled, fold((*case.events, *new))), new)


def acts_on(engine: Engine) -> Iterator[Callable[[], object]]:
    """Acts of several kinds on the case, over and over."""
    dispose = {"disposition": "adopted", "reason": "r"}
    number = 0
    while True:
        number += 1
        yield lambda: engine.advance(CASE, "collect", by="general_office", actor="x", fields={"analysis": "a"})
        yield lambda: engine.advance(
            CASE, "dispose_opinion", by="municipal_government", item="o0", fields=dispose, actor="x"
        )
        yield lambda number=number: engine.advance(  # type: ignore[misc]
            CASE, "register_opinion", by="undertaking_department", item=f"more{number}",
            fields={"counterpart": "a", "content": "c"},
        )  # fmt: skip
        yield lambda number=number: engine.plan(  # type: ignore[misc]
            CASE, "make_decision", to=(OPENED + timedelta(days=200 + number)).date(), by="municipal_government"
        )


def calls(work: Callable[[], object]) -> int:
    """The number of calls of Python functions that a work takes."""
    count = 0

    def noted(_frame: object, event: str, _arg: object) -> None:
        nonlocal count
        count += event == "call"

    before = sys.getprofile()
    sys.setprofile(noted)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count
