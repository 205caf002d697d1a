"""One case as text: state, facts, items, exemptions, subcases, possible actions, deadlines and events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from zhengxie_flow.cli.output.cell import Cell
from zhengxie_flow.cli.output.page import Page
from zhengxie_flow.cli.rendering import exemptions
from zhengxie_flow.engine.audit_line import edition_label
from zhengxie_flow.engine.case_title import case_title
from zhengxie_flow.engine.events.value_changes import WITHDRAWN, value_changes
from zhengxie_flow.engine.judging.deadlines import Deadline
from zhengxie_flow.errors import Reason
from zhengxie_flow.i18n.catalogue import texts
from zhengxie_flow.model.body import AssignedBody, RecomputedBody, facts_of, state_of
from zhengxie_flow.model.body_parts import ClockSetBack
from zhengxie_flow.model.case import Case, Item
from zhengxie_flow.model.counting import opens
from zhengxie_flow.model.event import Event, EventType
from zhengxie_flow.model.findings import ValueChange
from zhengxie_flow.model.personal import HIDDEN, withheld
from zhengxie_flow.presentation.documents.cases import (
    AssignedRole,
    EvidenceDocument,
    StatedFact,
    assigned_roles,
    evidence_documents,
    fact_type,
    item_state,
    stated_facts,
)
from zhengxie_flow.presentation.documents.deadlines import case_deadline
from zhengxie_flow.presentation.labels import Labels
from zhengxie_flow.presentation.reasons import reason_text
from zhengxie_flow.services.commands.subcases import SubcaseStanding
from zhengxie_flow.services.queries.available_actions import STATE, Possible
from zhengxie_flow.services.queries.overview import Overview


def text(page: Page, labels: Labels, overview: Overview, subcase_states: Mapping[str, str]) -> None:
    """Write a case; ``subcase_states`` are the labels of the states its subcases are in, by their ids."""
    case, today = overview.case, overview.today
    version = page.say("cli.show.version", version=overview.derived.version, opened=case.opened)
    page.line((case.id, "strong"), labels.process(), (labels.state(case.state), "strong"), version)
    if (title := case_title(labels.compiled, case)) != case.id:
        page.line((title, "strong"))
    if labels.compiled.editions:
        page.line((page.say("cli.show.edition", edition=edition_label(labels.compiled)), "dim"))
    _part(page, "facts", [_fact_row(page, labels, case, fact) for fact in stated_facts(labels.compiled, case)])
    _part(page, "items", _item_rows(page, labels, case))
    exemptions.lines(page, labels, overview.exemptions)
    _part(page, "assigned", [_assigned_row(page, labels, row) for row in assigned_roles(case)])
    _part(page, "parents", [(parent.case, parent.subcase) for parent in case.parents])
    subcases = [row for standing in overview.subcases for row in _subcase_rows(page, labels, standing, subcase_states)]
    _part(page, "subcases", subcases)
    _possible_now(page, labels, overview.possible)
    _part(page, "deadlines", [_limit_row(page, labels, row, today) for row in overview.deadlines])
    _part(
        page,
        "events",
        [_event_row(page, labels, event, overview.recorded.events) for event in overview.recorded.events],
    )
    _part(page, "evidence", [_evidence_row(page, file) for file in evidence_documents(overview.recorded.events)])
    _part(page, "unwritten", [_event_row(page, labels, event) for event in overview.unwritten])


def _part(page: Page, name: str, rows: Sequence[Sequence[Cell]]) -> None:
    if rows:
        page.line((page.say(f"cli.show.{name}"), "strong"))
        page.table(rows, indent=2)


def _assigned_row(page: Page, labels: Labels, row: AssignedRole) -> tuple[Cell, ...]:
    holder = row.office or row.person
    days = {"since": row.from_day, "until": row.to_day}
    return (page.say("cli.assigned", role=labels.role(row.role), holder=holder, **days),)


def _fact_row(page: Page, labels: Labels, case: Case, fact: StatedFact) -> tuple[Cell, ...]:
    kind = next((kind for kind, items in case.items.items() if fact.item in items), None)
    name = fact.fact if fact.item is None else f"{fact.item}.{fact.fact}"
    by = labels.role(fact.by) if fact.by else None
    roles = ", ".join(map(labels.role, fact.awaits))
    awaits = (page.say("cli.show.awaits", roles=roles), "pending") if roles else None
    when = f"{fact.date} #{fact.event}"
    shown = labels.choice(fact_type(labels.compiled, case, fact.item, fact.fact), fact.value)
    return (name, labels.fact(fact.fact, kind), value(page, shown), by, when, awaits)


def value(page: Page, content: Any) -> str:
    """Return a value as text."""
    if withheld(content):
        return page.say("cli.hidden" if HIDDEN in content else "cli.erased")
    if isinstance(content, bool):
        return page.say("cli.yes" if content else "cli.no")
    return ", ".join(map(str, content)) if isinstance(content, list) else str(content)


def _item_rows(page: Page, labels: Labels, case: Case) -> list[tuple[Cell, ...]]:
    return [
        (
            (item.id, "dim" if item.ended else ""),
            labels.item_type(kind),
            labels.item_state(kind, item_state(labels.compiled, item)),
            _departure(page, item),
            ", ".join(_field(page, labels, kind, name, content) for name, content in item.fields.items()),
        )
        for kind, items in case.items.items()
        for item in items.values()
    ]


def _field(page: Page, labels: Labels, kind: str, name: str, content: Any) -> str:
    """Return a field of an item with its value."""
    item_type = labels.compiled.process.items.get(kind)
    shown = labels.choice(item_type.fields.get(name) if item_type is not None else None, content)
    return f"{labels.fact(name, kind)}={value(page, shown)}"


def _departure(page: Page, item: Item) -> str | None:
    """Return the day on which an item left the case, and the item that replaced it."""
    if item.ended is None:
        return None
    if item.replaced_by is not None:
        return page.say("cli.show.replaced", date=item.ended[0], item=item.replaced_by)
    return page.say("cli.show.withdrawn", date=item.ended[0])


def _subcase_rows(
    page: Page, labels: Labels, standing: SubcaseStanding, states: Mapping[str, str]
) -> list[tuple[Cell, ...]]:
    if standing.cases:
        return [
            (
                subcase.case,
                labels.subcase(standing.name),
                page.say(f"cli.subcase.{subcase.status}"),
                states[subcase.case],
                None,
            )
            for subcase in standing.cases
        ]
    word = {True: "called_for", False: "uncalled_for", None: "unsettled"}[standing.called_for]
    called_for = (page.say(f"cli.subcase.{word}"), "pending" if standing.called_for else "dim")
    needs = page.labelled("cli.needs", map(labels.any, standing.needs)) if standing.needs else None
    return [(("-", "dim"), labels.subcase(standing.name), page.say("cli.subcase.none"), called_for, needs)]


def _possible_now(page: Page, labels: Labels, actions: Sequence[Possible]) -> None:
    """Write the possible actions: ready ones, blocked ones with reasons, and in one line those of other states."""
    ready = [action for action in actions if action.ready]
    blocked = [action for action in actions if not action.ready and action.in_state]
    elsewhere = [action.action for action in actions if not action.ready and not action.in_state]
    _part(page, "ready", [_ready_row(page, labels, action) for action in ready])
    if blocked:
        page.line((page.say("cli.show.held"), "strong"))
    for action in blocked:
        page.line(action.action, (labels.action(action.action), "strong"), indent=2)
        for reason in action.reasons:
            if reason.id != STATE:
                page.line(_reason(page, labels, reason), indent=4)
    if elsewhere:
        names = [labels.named("action", name) for name in elsewhere]
        page.line((page.say("cli.show.elsewhere", actions=names), "dim"))


def _ready_row(page: Page, labels: Labels, action: Possible) -> tuple[Cell, ...]:
    by = ", ".join(labels.role(role) for role in action.by)
    items = f"[{', '.join(action.items)}]" if action.items else None
    fields = [labels.asked(action.action, name) for name in action.asks]
    asks = page.say("cli.show.asks", fields=fields) if fields else None
    return ((action.action, "pass"), labels.action(action.action), by, items, asks)


def _reason(page: Page, labels: Labels, reason: Reason) -> str:
    """Return a reason of a refusal as text."""
    if reason.id == "items":
        return page.say("cli.show.no_items", type=labels.item_type(reason.needs[0]))
    return f"- {reason_text(reason, page.lang, labels)}"


def _limit_row(page: Page, labels: Labels, row: Deadline, today: date) -> tuple[Cell, ...]:
    shown: Cell = None
    if row.day is not None:
        limit = page.say("cli.limit.earliest" if opens(row.direction) else "cli.limit.due")
        marks = [page.say("calendar.status.provisional")] if row.status == "provisional" else []
        marks += [page.say(f"anchor.{row.anchor_kind}")] if row.anchor_kind in ("planned", "projected") else []
        marks += [page.say("cli.round", number=row.round)] if row.round > 1 else []
        status = f" ({', '.join(marks)})" if marks else ""
        shown = (f"{limit} {row.day}{status}", "overdue" if case_deadline(row, today).overdue else row.status)
    elif row.kind == "stopped":
        shown = (
            page.say("cli.show.stopped", since=row.stopped_since, used=row.consumed, left=row.units_left),
            "pending",
        )
    elif row.kind == "determination":
        return (page.say("due.to_determine"), row.fact, row.item, labels.any(row.fact or ""))
    elif row.kind == "undated" or row.anchor is None:
        shown = (page.say("cli.show.undated"), "dim")
    else:
        shown = (page.say("cli.show.waits", anchor=labels.any(row.anchor)), "dim")
    return (shown, row.obligation, row.item, labels.of(row.obligation))


def _event_row(page: Page, labels: Labels, event: Event, events: Sequence[Event] = ()) -> tuple[Cell, ...]:
    what = event.action or getattr(event.body, "obligation", None) or ", ".join(facts_of(event.body) or ())
    if isinstance(event.body, AssignedBody):
        what = f"{labels.role(event.body.role)} → {event.body.office or event.body.person} ({event.body.from_})"
    moved = state_of(event.body)
    state = f"→ {labels.state(moved.to)}" if moved is not None and moved.from_ not in (None, moved.to) else None
    corrected = f" #{event.supersedes}" if event.supersedes else ""
    return (
        f"#{event.sequence}",
        page.when(event.occurred),
        page.say(f"event.{event.type}") + corrected,
        what,
        labels.action(event.action) if event.action else None,
        event.item,
        _attributed(page, labels, event),
        state or _recomputed(event) or _changes(page, labels, event, events),
        _clock_back(page, event),
    )


def _clock_back(page: Page, event: Event) -> Cell:
    """Return the reason for an entry made while the clock stood before the instant recorded last."""
    mark = event.body.clock
    return (page.say("cli.show.clock_back", reason=mark.back), "finding") if isinstance(mark, ClockSetBack) else None


def _evidence_row(page: Page, file: EvidenceDocument) -> tuple[Cell, ...]:
    size = None if file.size is None else page.say("cli.show.bytes", size=file.size)
    erased = (page.say("cli.erased"), "dim") if file.erased else None
    return (f"#{file.event}", file.name, size, file.hash, erased)


def _attributed(page: Page, labels: Labels, event: Event) -> str | None:
    """Return the role that acted, the person behind it, and who entered it."""
    persons = [event.actor] if event.actor else []
    persons += [page.say("cli.show.recorded_by", name=event.recorded_by)] if event.recorded_by else []
    role = labels.role(event.by) if event.by else ""
    shown = page.say("cli.show.persons", role=role, persons=persons) if persons else role
    return shown.strip() or None


def _changes(page: Page, labels: Labels, event: Event, events: Sequence[Event]) -> str | None:
    """Return the values that an event changed, with what was on record before."""
    changes = value_changes(events, event)
    replaced = [change for change in changes if event.type is EventType.CORRECTED or change.old is not None]
    return ", ".join(_change(page, labels, change) for change in replaced) or None


def _change(page: Page, labels: Labels, change: ValueChange) -> str:
    key = f"change.{change.name}"
    if change.name == WITHDRAWN:
        return page.say("change.withdrawn" if change.new else "change.restored")
    name = page.say(key) if key in texts() else labels.any(change.name)
    old, new = (
        page.say("change.nothing") if entry is None else value(page, entry) for entry in (change.old, change.new)
    )
    return f"{name} {old} → {new}"


def _recomputed(event: Event) -> str | None:
    """Return the day before and after, and the notices, where a notice moved a deadline."""
    body = event.body
    if not isinstance(body, RecomputedBody):
        return None
    return f"{body.old.day} → {body.new.day} {', '.join(body.notices)}".rstrip()
