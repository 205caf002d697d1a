"""The office's application: letters come in, acts are done, and what is due is listed, under the law's own rules."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import APIRouter, Depends, FastAPI, Header, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.orm import Session, sessionmaker

from office.tables import Bell, Letter, database
from zhengxie_flow import Conflict, NotFound, Refused, Runtime, StorageError, ZhengxieError
from zhengxie_flow.i18n import describe
from zhengxie_flow.presentation.serialise import serialise

PROCESS = "jilin/consultation"
router = APIRouter()


class Office:
    """The database of the office, and the procedures compiled once for all its requests."""

    def __init__(self, engine: sa.Engine, runtime: Runtime) -> None:
        self.runtime = runtime
        self.reading = sessionmaker(engine)
        self.writing = sessionmaker(engine.execution_options(writes=True))


@dataclass(frozen=True)
class Clerk:
    """Who asks, as the office's own sign-in would say it, and the key that makes a repeated request one act."""

    role: Annotated[str, Header(alias="X-Role")]
    actor: Annotated[str | None, Header(alias="X-Actor")] = None
    key: Annotated[str | None, Header(alias="Idempotency-Key")] = None


class NewLetter(BaseModel):
    """A letter that comes in."""

    case: str
    sender: str
    phase: str = "pre_decision"
    parties: dict[str, str] = {}


class Plan(BaseModel):
    """The day that an act is planned for."""

    day: date


class Act(BaseModel):
    """What an act says."""

    item: str | None = None
    fields: dict[str, Any] = {}
    evidence: list[str] = []
    day: date | None = None


def office_of(request: Request) -> Office:
    """The office behind a request."""
    office: Office = request.app.state.office
    return office


Here = Annotated[Office, Depends(office_of)]
By = Annotated[Clerk, Depends()]


@router.post("/letters", status_code=201)
def receive(office: Here, clerk: By, letter: NewLetter) -> Any:
    """Register a letter and open its case: both or neither."""
    with office.writing.begin() as session:
        if session.get(Letter, letter.case) is None:  # else the request is repeated, which its key shows
            session.add(Letter(case=letter.case, sender=letter.sender))
            session.flush()
        opened = office.runtime.on(session).open(
            PROCESS, letter.case, by=clerk.role, actor=clerk.actor, key=clerk.key, facts={"phase": letter.phase},
            items={"counterpart": {name: {"kind": kind} for name, kind in letter.parties.items()}},
        )  # fmt: skip
        _ring(session, letter.case, "opened")
        return serialise(opened)


@router.post("/letters/{case}/plans/{action}")
def plan(office: Here, clerk: By, case: str, action: str, said: Plan) -> Any:
    """Plan an act: every day that hangs on it follows."""
    with office.writing.begin() as session:
        engine = office.runtime.on(session)
        return serialise(engine.plan(case, action, to=said.day, by=clerk.role, actor=clerk.actor, key=clerk.key))


@router.post("/letters/{case}/acts/{action}")
def act(office: Here, clerk: By, case: str, action: str, said: Act) -> Any:
    """Act now, which may be refused; or tell of an act of an earlier day, which is judged."""
    with office.writing.begin() as session:
        engine = office.runtime.on(session)
        who: dict[str, Any] = {"by": clerk.role, "actor": clerk.actor, "key": clerk.key}
        what: dict[str, Any] = {"item": said.item, "fields": said.fields or None, "evidence": tuple(said.evidence)}
        if said.day is None:
            written = engine.advance(case, action, **what, **who)
        else:
            written = engine.record(case, action, at=said.day, **what, **who)
        _ring(session, case, action)
        return serialise(written)


@router.get("/letters")
def letters(office: Here) -> Any:
    """List the letters, each with where its case stands."""
    with office.reading.begin() as session:
        heads = {head.case: head for head in office.runtime.on(session).heads()}
        rows = session.scalars(sa.select(Letter).order_by(Letter.case))
        return [{"case": row.case, "sender": row.sender, "state": heads[row.case].state} for row in rows]


@router.get("/letters/{case}")
def letter(office: Here, case: str, role: str | None = None) -> Any:
    """Show a case: where it stands, the acts it allows and what is against each, its verdicts, what rang."""
    with office.reading.begin() as session:
        engine = office.runtime.on(session)
        bells = session.scalars(sa.select(Bell.text).where(Bell.case == case).order_by(Bell.id)).all()
        audit = engine.audit(case)
        return {**serialise(engine.overview(case, role)), "audit": serialise(audit)["cases"], "bells": bells}


@router.get("/due")
def due(office: Here, until: date | None = None) -> Any:
    """List what is due in all cases."""
    with office.reading.begin() as session:
        return [serialise(row) for row in office.runtime.on(session).due(until)]


def _ring(session: Session, case: str, text: str) -> None:
    session.add(Bell(case=case, text=text))


def answer(request: Request, error: ZhengxieError) -> JSONResponse:
    """An error of the engine in the language that is asked for, with every reason of a refusal."""
    statuses = {NotFound: 404, Refused: 409, Conflict: 409, StorageError: 503}
    status = next((number for kind, number in statuses.items() if isinstance(error, kind)), 422)
    text = describe(error, "zh" if request.headers.get("Accept-Language", "zh").startswith("zh") else "en")
    reasons = [serialise(reason) for reason in error.reasons] if isinstance(error, Refused) else []
    return JSONResponse({"code": error.code, "message": text.message, "fix": text.fix, "reasons": reasons}, status)


def create_app(engine: sa.Engine, runtime: Runtime) -> FastAPI:
    """The application on a database, with procedures that were compiled before the first request."""
    app = FastAPI(title="Office")
    app.state.office = Office(engine, runtime)
    app.include_router(router)
    app.add_exception_handler(ZhengxieError, answer)  # type: ignore[arg-type]  # it is called for that kind alone
    return app


def from_environment() -> FastAPI:
    """The application that ``uvicorn --factory office.app:from_environment`` serves."""
    runtime = Runtime()
    runtime.compile(PROCESS)
    return create_app(database(os.environ["OFFICE_DATABASE"]), runtime)
