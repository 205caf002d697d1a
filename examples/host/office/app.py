"""The office's application: letters come in, acts are done, and what is due is listed, under the law's own rules."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal, cast

import sqlalchemy as sa
from fastapi import APIRouter, Depends, FastAPI, Header, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.orm import sessionmaker

from office.tables import Bell, Letter, database
from zhengxie_flow import Conflict, NotFound, Refused, Runtime, StorageError, WriteContext, Written, ZhengxieError
from zhengxie_flow.i18n import describe
from zhengxie_flow.ports import Clock
from zhengxie_flow.presentation.serialise import serialise

PROCESS = "jilin/consultation"
router = APIRouter()


def ring(context: WriteContext, written: Written) -> None:
    """Tell the office's screens of every event, in the transaction that stores it."""
    rows = [{"case": event.case, "text": event.action or event.type} for event in written.events]
    context.connection.execute(sa.insert(Bell), rows)


def authorise(actor: str | None, _role: str | None, action: str, _case: str | None) -> bool | str:
    """The office's own rule beside the law's: whoever acts has a name, and nothing is erased through this door."""
    return "not through this door" if action.startswith("erase:") else actor is not None or "name the clerk"


def may_read(actor: str, _case: str, field: str) -> bool:
    """What stays within the office: the reasons it gave."""
    return field != "reason" or actor != "visitor"


def procedures(clock: Clock | None = None) -> Runtime:
    """The procedures of the office, compiled once before the first request."""
    runtime = Runtime(clock=clock, subscribers=[ring], authorise=authorise, may_read=may_read)
    runtime.compile(PROCESS)
    return runtime


class Office:
    """The database of the office, and its procedures."""

    def __init__(self, engine: sa.Engine, runtime: Runtime) -> None:
        self.engine, self.runtime = engine, runtime
        self.reading = sessionmaker(engine)
        self.writing = sessionmaker(engine.execution_options(writes=True))


@dataclass(frozen=True)
class Clerk:
    """Who asks, as the office's own sign-in would say it, and the key that makes a repeated request one act."""

    role: Annotated[str, Header(alias="X-Role")]
    actor: Annotated[str | None, Header(alias="X-Actor")] = None
    key: Annotated[str | None, Header(alias="Idempotency-Key")] = None

    @property
    def who(self) -> dict[str, Any]:
        """The arguments by which the engine knows all that."""
        return {"by": self.role, "actor": self.actor, "key": self.key}


class NewLetter(BaseModel):
    """A letter that comes in."""

    case: str
    sender: str
    parties: dict[str, str] = {}


class Act(BaseModel):
    """What an act says; ``day`` where it happened before, ``planned`` where it is yet to come."""

    item: str | None = None
    fields: dict[str, Any] = {}
    evidence: list[str] = []
    day: date | None = None
    planned: date | None = None


def office_of(request: Request) -> Office:
    """The office behind a request."""
    return cast("Office", request.app.state.office)


Here = Annotated[Office, Depends(office_of)]
By = Annotated[Clerk, Depends()]


@router.post("/letters", status_code=201)
def receive(office: Here, clerk: By, letter: NewLetter) -> Any:
    """Register a letter and open its case: both or neither."""
    with office.writing.begin() as session:
        session.merge(Letter(case=letter.case, sender=letter.sender))  # a request may come twice, which its key shows
        parties = {name: {"kind": kind} for name, kind in letter.parties.items()}
        said: dict[str, Any] = {"facts": {"phase": "pre_decision"}, "items": {"counterpart": parties}}
        return serialise(office.runtime.on(session).open(PROCESS, letter.case, **said, **clerk.who))


@router.post("/letters/{case}/roles/{bearer}")
def assign(office: Here, clerk: By, case: str, bearer: str, to: str) -> Any:
    """Say whose matter it is: a role of the case falls to an office or a person."""
    with office.writing.begin() as session:
        return serialise(office.runtime.on(session).assign(case, bearer, to=to, **clerk.who))


@router.post("/letters/{case}/acts/{action}")
def act(office: Here, clerk: By, case: str, action: str, said: Act) -> Any:
    """Act now, which may be refused; plan an act; or tell of an act of an earlier day, which is judged."""
    with office.writing.begin() as session:
        engine = office.runtime.on(session)
        who = {**clerk.who, "item": said.item}
        what: dict[str, Any] = {"fields": said.fields or None, "evidence": tuple(said.evidence)}
        if said.planned is not None:
            return serialise(engine.plan(case, action, to=said.planned, **who))
        if said.day is not None:
            return serialise(engine.record(case, action, at=said.day, **who, **what))
        return serialise(engine.advance(case, action, **who, **what))


@router.get("/letters")
def letters(office: Here, text: str | None = None, to: str | None = None, after: str | None = None) -> Any:
    """List cases a page at a time, with who sent the letter; ``to`` an office, or with a text in their id or title."""
    with office.reading.begin() as session:
        page = office.runtime.on(session).cases(text=text, office=to, after=after, limit=50)
        rows = session.scalars(sa.select(Letter).where(Letter.case.in_([row.case for row in page.rows])))
        senders = {row.case: row.sender for row in rows}
        return {"rows": [{**serialise(row), "sender": senders.get(row.case)} for row in page.rows], "next": page.next}


@router.get("/letters/{case}")
def letter(office: Here, clerk: By, case: str, lang: Literal["zh", "en"] = "zh") -> Any:
    """Show a case as its reader may see it: its values, the forms of its acts, its verdicts as sentences, the bells."""
    with office.reading.begin() as session:
        engine = office.runtime.on(session)
        shown = serialise(engine.reading_as(clerk.actor or "visitor").overview(case))
        forms = [serialise(form) for form in engine.forms(case, role=clerk.role, actor=clerk.actor)]
        verdicts = serialise(engine.sentences(engine.audit(case), lang))["cases"][0]["verdicts"]
        bells = session.scalars(sa.select(Bell.text).where(Bell.case == case).order_by(Bell.id)).all()
        return {**shown, "forms": forms, "verdicts": verdicts, "bells": bells}


@router.get("/due")
def due(office: Here, until: date | None = None, to: str | None = None, after: str | None = None) -> Any:
    """List what is due in all cases, or to an office, a page at a time."""
    with office.reading.begin() as session:
        return serialise(office.runtime.on(session).due_page(until=until, office=to, after=after, limit=50))


@router.get("/feed")
def feed(office: Here, after: int = 0) -> Any:
    """Read what was committed after a position, for whoever keeps an index or another system up to date."""
    return serialise(office.runtime.on(office.engine).feed(after))


async def answer(request: Request, error: ZhengxieError) -> JSONResponse:
    """An error of the engine in the language that is asked for, with every reason of a refusal."""
    statuses = {NotFound: 404, Refused: 409, Conflict: 409, StorageError: 503}
    status = next((number for kind, number in statuses.items() if isinstance(error, kind)), 422)
    text = describe(error, "zh" if request.headers.get("Accept-Language", "zh").startswith("zh") else "en")
    reasons = [serialise(reason) for reason in error.reasons] if isinstance(error, Refused) else []
    return JSONResponse({"code": error.code, "message": text.message, "fix": text.fix, "reasons": reasons}, status)


def create_app(engine: sa.Engine, runtime: Runtime) -> FastAPI:
    """The application on a database."""
    app = FastAPI(title="Office", exception_handlers={ZhengxieError: answer})
    app.state.office = Office(engine, runtime)
    app.include_router(router)
    return app


def from_environment() -> FastAPI:
    """The application that ``uvicorn --factory office.app:from_environment`` serves."""
    return create_app(database(os.environ["OFFICE_DATABASE"]), procedures())
