"""Support for commands that write: the engine with the labels for refusals, and the text of an event."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from zhengxie_flow.model.verdict import SATISFIED

if TYPE_CHECKING:
    from zhengxie_flow.bootstrap import Engine
    from zhengxie_flow.cli.output.page import Page
    from zhengxie_flow.cli.session import Session
    from zhengxie_flow.model.event import Event
    from zhengxie_flow.model.written import Written
    from zhengxie_flow.presentation.labels import Labels
    from zhengxie_flow.services.queries.effects import ActEffect


@contextmanager
def case_engine(session: Session, case: str | None = None, *, read_only: bool = False) -> Iterator[Engine]:
    """Provide the engine, with the labels of the case's definition loaded for refusals."""
    engine = session.engine(read_only=read_only)
    if case is not None and engine.journal.head(case) is not None:
        session.labels_for(case)
    yield engine


def show_event(session: Session, written: Written) -> None:
    """Show the event that a command wrote."""
    from zhengxie_flow.presentation.documents.events import written_event

    session.say(written_event(written), lambda page: _text(page, written.event, session, written=True))


def show_act(session: Session, written: Written, effects: Sequence[ActEffect]) -> None:
    """Show an act with the verdicts that rest on it."""
    from zhengxie_flow.presentation.documents.events import written_event

    session.say(written_event(written, effects), _act(session, written.event, effects, written=True))


def show_preview(session: Session, event: Event, effects: Sequence[ActEffect], state: str) -> None:
    """Show an act that is only previewed, with the verdicts that would rest on it and the state it would lead to."""
    from zhengxie_flow.presentation.documents.events import WrittenEvent

    session.say(WrittenEvent(False, event, state, tuple(effects)), _act(session, event, effects, written=False))


def _act(session: Session, event: Event, effects: Sequence[ActEffect], *, written: bool) -> Callable[[Page], None]:
    def text(page: Page) -> None:
        _text(page, event, session, written=written)
        labels = session.labels or session.labels_for(event.case)
        for effect in effects:
            if effect.verdict not in SATISFIED:
                page.line(_effect(page, labels, effect), indent=2)

    return text


def _effect(page: Page, labels: Labels, effect: ActEffect) -> str:
    late = effect.late_by
    return page.say(
        "cli.event.effect",
        duty=labels.reason(effect.obligation),
        verdict=page.say(f"verdict.{effect.verdict}"),
        detail=[page.say(f"detail.{name}") for name in effect.detail],
        due=effect.due,
        late=None if late is None else page.say("cli.event.late", amount=late.amount, unit=_unit(page, late.unit)),
        needs=[labels.any(name) for name in effect.needs],
    )


def _unit(page: Page, unit: str) -> str:
    return page.say(f"calendar.unit.{unit}")


def _text(page: Page, event: Event, session: Session, *, written: bool) -> None:
    labels = session.labels or session.labels_for(event.case)
    kind = page.say(f"event.{event.type}")
    what = labels.action(event.action) if event.action else ""
    item = f"[{event.item}]" if event.item else ""
    heading = page.say("cli.event.written" if written else "cli.event.preview", case=event.case, event=event.sequence)
    page.line(
        heading, (kind, "strong"), what + item, page.when(event.occurred), labels.role(event.by) if event.by else ""
    )
    from zhengxie_flow.model.body import AssignedBody, UrgedBody, state_of

    if isinstance(event.body, AssignedBody):
        role, holder = labels.role(event.body.role), event.body.office or event.body.person
        page.line(page.say("cli.assigned", role=role, holder=holder, since=event.body.from_), indent=2)
    if isinstance(event.body, UrgedBody):
        duty = labels.of(event.body.obligation)
        page.line(page.say("cli.urged", obligation=duty, due=event.body.due), indent=2)
    moved = state_of(event.body)
    if moved is not None and moved.from_ not in (None, moved.to):
        page.line(page.say("cli.event.moved", before=labels.state(moved.from_), after=labels.state(moved.to)), indent=2)
