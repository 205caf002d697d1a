"""Who may write and read: the two hooks at every door, the directory, and what is on record of refusals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine
from tests.support import DATA, MINI

from zhengxie_flow import Engine, Refused, Runtime
from zhengxie_flow.bootstrap.async_engine import AsyncEngine
from zhengxie_flow.bootstrap.clock import FixedClock
from zhengxie_flow.bootstrap.reading_view import ReaderView
from zhengxie_flow.errors import UsageError
from zhengxie_flow.model.directory import User
from zhengxie_flow.services.commands import users
from zhengxie_flow.services.commands.importing import import_cases

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
PROCESS = "mini/talk"
Use = Callable[[Engine], Any]

WRITES: dict[str, tuple[str, Use]] = {
    "open": ("open:mini/talk", lambda engine: engine.open(PROCESS, "c2", by="office")),
    "link": ("link:P", lambda engine: engine.link("I", under="P", by="clerk")),  # see `test_linking_is_asked_for`
    "advance": ("advance:agree", lambda engine: engine.advance("c1", "agree", by="partner")),
    "record": ("record:agree", lambda engine: engine.record("c1", "agree", at=date(2026, 3, 1), by="partner")),
    "move": ("move:2027", lambda engine: engine.move("c1", to="2027", by="office", reason="r")),
    "determine": ("determine:urgent", lambda engine: engine.determine("c1", {"urgent": True}, by="office", reason="r")),
    "plan": ("plan:hold", lambda engine: engine.plan("c1", "hold", to=date(2026, 4, 1), by="office")),
    "explain": ("explain:a2.joint", lambda engine: engine.explain("c1", "a2.joint", reason="r", by="office")),
    "assign": ("assign:office", lambda engine: engine.assign("c1", "office", to="finance", by="office")),
    "urge": ("urge:a4.report", lambda engine: engine.urge("c1", "a4.report", by="office", at=date(2026, 3, 4))),
    "correct": ("correct:2", lambda engine: engine.correct("c1", 2, reason="r", by="office", retract=True)),
    "erase": ("erase:1", lambda engine: engine.erase("c1", 1, "urgent", reason="r", by="office")),
    "move_cases": ("move:2027", lambda engine: engine.move_cases(to="2027", by="office", reason="r")),
    "import_case": ("case:import", lambda engine: engine.import_case(exported(engine))),
    "recompute": ("recompute", lambda engine: engine.recompute()),
    "tick": ("tick", lambda engine: engine.tick()),
    "checkpoint": ("checkpoint", lambda engine: engine.checkpoint()),
    "rebuild": ("rebuild", lambda engine: engine.rebuild()),
    "add_user": ("user_add:li", lambda engine: engine.add_user("li", by="root")),
    "hold": ("user_role:office", lambda engine: engine.hold("zhang", "office", by="root")),
    "set_password": ("user_passwd:zhang", lambda engine: engine.set_password("zhang", "correct horse", by="root")),
    "disable_user": ("user_disable:zhang", lambda engine: engine.disable_user("zhang", by="root")),
}
"""Every write, with what its hook is asked and a use of it."""

ONE_BY_ONE = {"link", "move_cases"}
"""Writes that read other cases or editions first, and are refused for each case: they have tests of their own."""

READS = {
    "case", "overview", "possible", "effects", "audit", "due", "heads", "reading_as", "preview", "preview_recompute",
    "verify", "directory", "password_matches", "refusals", "feed", "export_case",
}  # fmt: skip
OF_SCREENS = {
    "cases", "counts", "due_page", "iter_audit", "iter_events", "coverage", "exemptions", "forms", "labels", "processes",
    "register", "schedule", "sentences",
}  # fmt: skip
"""Reads for screens and streams; what a reader sees there, a program takes from the view."""
NEITHER = {"of", "close", "subscribe"}

SHOWN_TO_ALL = {
    "effects",
    "preview",
    "preview_recompute",
    "verify",
    "directory",
    "password_matches",
    "refusals",
    "feed",
    "export_case",
}
"""Reads of programs and of those who keep the journal: no view for a reader has them."""


def exported(engine: Engine) -> Path:
    """A file with the one case; writing it asks nobody."""
    file = Path(str(engine.context.journal).split()[1].removeprefix("sqlite:///")).parent / "c1.jsonl"
    if not file.exists():
        engine.export_case("c1", file)
    return file


@contextmanager
def at_work(folder: Path, **hooks: Any) -> Iterator[Engine]:
    """An engine with one case and one person, made before the hooks are asked."""
    path, clock = folder / "cases.db", FixedClock(NOW)
    if not path.exists():
        with Engine(path, project=MINI, clock=clock) as engine:
            engine.open(PROCESS, "c1", by="office", facts={"urgent": False}, at=date(2026, 1, 5))
            engine.plan("c1", "hold", to=date(2026, 4, 8), by="office")
            engine.add_user("zhang", label="张三")
            engine.add_user("wang")
    with Engine(path, project=MINI, clock=clock, **hooks) as engine:
        yield engine


def stored(folder: Path) -> list[Any]:
    """Every row but the refusals."""
    with create_engine(f"sqlite:///{folder}/cases.db").connect() as connection:
        names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB 'zx_*'")
        tables = sorted(name for (name,) in names if name != "zx_refusals")
        return [(name, connection.exec_driver_sql(f"SELECT * FROM {name}").fetchall()) for name in tables]  # noqa: S608


def test_every_method_is_a_read_or_a_write_that_is_asked_for() -> None:
    public = {name for name in dir(Engine) if not name.startswith("_") and callable(getattr(Engine, name))}
    assert public == set(WRITES) | READS | OF_SCREENS | NEITHER
    asynchronous = {name for name in dir(AsyncEngine) if not name.startswith("_")} - {"of", "run", "subscribe"}
    assert asynchronous == public - NEITHER - {"reading_as"}


@pytest.mark.parametrize("name", sorted(WRITES.keys() - ONE_BY_ONE))
def test_a_write_that_the_hook_refuses_leaves_only_the_refusal(name: str, tmp_path: Path) -> None:
    asked: list[tuple[str | None, str | None, str, str | None]] = []

    def authorise(actor: str | None, role: str | None, action: str, case: str | None) -> bool | str:
        asked.append((actor, role, action, case))
        return "not in this office"

    action, use = WRITES[name]
    with at_work(tmp_path, authorise=authorise) as engine:
        before = stored(tmp_path)
        with pytest.raises(Refused) as refused:
            use(engine)
        assert refused.value.code == "ZX4121"
        assert stored(tmp_path) == before
        [refusal] = engine.refusals()
        assert [entry[2] for entry in asked] == [action]
        assert (refusal.actor, refusal.role, refusal.action, refusal.case) == asked[0]
        assert "not in this office" in refusal.reason
        assert datetime.fromisoformat(refusal.at) == NOW
        assert [finding.kind for finding in engine.verify()] == []


def test_an_import_is_asked_for(tmp_path: Path) -> None:
    with at_work(tmp_path, authorise=lambda *_: False) as engine, pytest.raises(Refused) as refused:
        import_cases(engine.context, ())  # type: ignore[arg-type]  # refused before it is looked at
    assert refused.value.code == "ZX4121"


@pytest.mark.parametrize("name", sorted(READS - {"reading_as", "effects", "preview_recompute", "export_case"}))
def test_reads_ask_nobody_and_write_nothing(name: str, tmp_path: Path) -> None:
    uses: dict[str, Use] = {
        "case": lambda engine: engine.case("c1"),
        "overview": lambda engine: engine.overview("c1"),
        "possible": lambda engine: engine.possible("c1"),
        "audit": lambda engine: engine.audit("c1"),
        "preview": lambda engine: engine.preview("c1", "agree", by="partner"),
        "password_matches": lambda engine: engine.password_matches("zhang", "x"),
    }
    with at_work(tmp_path, authorise=lambda *_: False) as engine:
        before = stored(tmp_path)
        use = uses.get(name, lambda engine: getattr(engine, name)())
        use(engine)
        assert stored(tmp_path) == before
        assert engine.refusals() == ()


def test_the_hook_of_a_runtime_is_that_of_its_engines(tmp_path: Path) -> None:
    runtime = Runtime(MINI, clock=FixedClock(NOW), authorise=lambda *_: False)
    with runtime.on(tmp_path / "cases.db") as engine, pytest.raises(Refused):
        engine.open(PROCESS, "c1", by="office")


async def undecided(*_: Any) -> bool:
    return True


@pytest.mark.parametrize("hook", [undecided, "yes"])
@pytest.mark.parametrize("name", ["authorise", "may_read"])
@pytest.mark.parametrize(
    "made", [Runtime, lambda **hooks: Engine("sqlite://", **hooks), lambda **hooks: AsyncEngine(None, **hooks)]
)  # type: ignore[arg-type]
def test_a_hook_that_nothing_awaits_is_refused(made: Callable[..., Any], name: str, hook: Any) -> None:
    """It would answer with a coroutine, which is neither yes nor a reason."""
    with pytest.raises(UsageError) as caught:
        made(**{name: hook})
    assert (caught.value.code, caught.value.params["name"]) == ("ZX4016", name)


def test_without_any_person_nobody_has_to_hold_a_role(tmp_path: Path) -> None:
    with Engine(tmp_path / "cases.db", project=MINI, clock=FixedClock(NOW)) as engine:
        engine.open(PROCESS, "c1", by="office", actor="anybody")
        engine.advance("c1", "agree", by="partner", actor="somebody")
        assert engine.refusals() == ()


def reasons(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {reason.id for reason in refused.value.reasons}


def test_an_actor_has_to_hold_the_role_on_the_day(tmp_path: Path) -> None:
    with at_work(tmp_path) as engine:
        with pytest.raises(Refused) as refused:
            engine.advance("c1", "agree", by="partner", actor="zhang")
        assert reasons(refused) == {"actor"}
        assert [row.action for row in engine.refusals()] == ["advance:agree"]
        [agree] = [row for row in engine.possible("c1", "partner", "zhang") if row.action == "agree"]
        assert not agree.ready
        assert "actor" in {reason.id for reason in agree.reasons}
        engine.hold("zhang", "office:bureau", from_day=date(2026, 1, 1), by="root")
        engine.hold("office:bureau", "partner", from_day=date(2026, 1, 1), to_day=date(2026, 3, 1), by="root")
        with pytest.raises(Refused):  # the day before today was its last
            engine.advance("c1", "agree", by="partner", actor="zhang")
        engine.hold("office:bureau", "partner", from_day=date(2026, 1, 1), to_day=date(2026, 3, 2), by="root")
        assert engine.advance("c1", "agree", by="partner", actor="zhang").actor == "zhang"


def test_the_assignment_of_a_case_goes_before_the_role_in_general(tmp_path: Path) -> None:
    with at_work(tmp_path) as engine:
        engine.hold("zhang", "partner", by="root")
        engine.hold("wang", "office:bureau", by="root")
        engine.assign("c1", "partner", to="bureau", by="office")
        with pytest.raises(Refused) as refused:
            engine.advance("c1", "agree", by="partner", actor="zhang")
        assert refused.value.reasons[-1].needs == ("partner", "bureau")
        assert engine.advance("c1", "agree", by="partner", actor="wang").sequence
        engine.assign("c1", "office", to="wang", by="office")  # a person the directory knows
        assert engine.case("c1").assignments[-1].person == "wang"
        with pytest.raises(Refused):
            engine.plan("c1", "hold", to=date(2026, 4, 1), by="office", actor="zhang")
        engine.disable_user("wang", by="root")
        with pytest.raises(Refused):
            engine.plan("c1", "hold", to=date(2026, 4, 1), by="office", actor="wang")
        engine.record("c1", "hold", at=date(2026, 3, 1), by="department", actor="wang")  # told of, never refused


def test_opening_asks_for_the_role_too(tmp_path: Path) -> None:
    with at_work(tmp_path) as engine, pytest.raises(Refused) as refused:
        engine.open(PROCESS, "c2", by="office", actor="zhang")
    assert reasons(refused) == {"actor"}


def test_assignments_are_kept_for_lists_corrected_and_verified(tmp_path: Path) -> None:
    with at_work(tmp_path) as engine:
        first = engine.assign("c1", "department", to="education", by="office", from_day=date(2026, 2, 1))
        engine.assign("c1", "department", to="health", by="office", from_day=date(2026, 6, 1))
        rows = [(row.office, row.from_day, row.to_day) for row in engine.journal.assignments("c1")]
        assert rows == [("education", date(2026, 2, 1), date(2026, 5, 31)), ("health", date(2026, 6, 1), None)]
        engine.correct(
            "c1", first.sequence, reason="typo", by="office", fields={"to": "person:zhang", "from": "2026-03-01"}
        )
        rows = [(row.office, row.person, row.from_day) for row in engine.journal.assignments("c1")]
        assert rows == [(None, "zhang", date(2026, 3, 1)), ("health", None, date(2026, 6, 1))]
        engine.correct("c1", first.sequence, reason="withdrawn", by="office", retract=True)
        assert [row.office for row in engine.journal.assignments()] == ["health"]
        assert engine.verify(replay=True) == ()
        document = engine.overview("c1")
        assert [(row.role, row.office, row.from_day) for row in document.assignments] == [
            ("department", "health", date(2026, 6, 1))
        ]
        with create_engine(f"sqlite:///{tmp_path}/cases.db").begin() as connection:
            connection.exec_driver_sql("UPDATE zx_assignments SET office = 'mine'")
        assert [finding.kind for finding in engine.verify()] == ["projection"]
        engine.rebuild()
        assert engine.verify() == ()


def test_a_case_of_a_past_day_has_the_assignments_made_by_then(tmp_path: Path) -> None:
    with at_work(tmp_path) as engine:
        engine.assign("c1", "office", to="finance", by="office", at=date(2026, 1, 10))
        engine.assign("c1", "office", to="health", by="office", at=date(2026, 2, 10), from_day=date(2026, 2, 1))
        then, now = engine.case("c1", as_of=date(2026, 2, 5)), engine.case("c1")
        assert [found and found.office for found in (then.assigned("office", date(2026, 2, 5)),)] == ["finance"]
        held = [now.assigned("office", date(2026, month, 5)) for month in (1, 2)]
        assert [found and found.office for found in held] == [None, "health"]


def test_the_role_has_to_be_one_of_the_process(tmp_path: Path) -> None:
    with at_work(tmp_path) as engine:
        with pytest.raises(UsageError) as unknown:
            engine.assign("c1", "ofice", to="finance", by="office")
        assert (unknown.value.code, unknown.value.params["suggestion"]) == ("ZX1201", "office")
        with pytest.raises(UsageError) as blank:
            engine.assign("c1", "office", to="person: ", by="office")
        assert blank.value.code == "ZX4120"


def test_passwords_are_kept_as_hashes_alone(tmp_path: Path) -> None:
    with at_work(tmp_path) as engine:
        assert not engine.password_matches("zhang", "correct horse")
        user = engine.set_password("zhang", "correct horse", by="root")
        assert "correct" not in repr(user)
        assert engine.password_matches("zhang", "correct horse")
        assert not engine.password_matches("zhang", "Correct horse")
        assert not engine.password_matches("nobody", "correct horse")
        engine.disable_user("zhang", by="root")
        assert not engine.password_matches("zhang", "correct horse")
        engine.add_user("zhang", by="root")  # enabled again
        assert engine.password_matches("zhang", "correct horse")
        with pytest.raises(UsageError) as short:
            engine.set_password("zhang", "short", by="root")
        assert short.value.code == "ZX4125"
        assert isinstance(engine.directory().users["zhang"], User)
    assert all(b"correct horse" not in path.read_bytes() for path in tmp_path.glob("cases.db*"))


def test_two_hashes_of_a_password_differ() -> None:
    assert users.hashed("correct horse") != users.hashed("correct horse")


@pytest.fixture
def petition(tmp_path: Path) -> Iterator[Engine]:
    """A case with personal values, which only the clerk may read."""

    def may_read(actor: str, _case: str, field: str) -> bool:
        return actor == "clerk" or field not in {"petitioner", "born", "name", "phone", "reason"}

    with Engine(tmp_path / "cases.db", project=DATA / "personal", clock=FixedClock(NOW), may_read=may_read) as engine:
        items = {"witness": {"w1": {"name": "李四光", "kind": "expert"}}}
        engine.open("town/petition", "P", by="clerk", facts={"petitioner": "张三丰", "topic": "绿化"}, items=items)
        fields = {"petitioner": "张三丰", "phone": "13800138000"}
        engine.record("P", "receive", at=date(2026, 3, 2), by="clerk", fields=fields)
        engine.determine("P", {"born": "1975-05-05"}, by="clerk", reason="of 张三丰")
        engine.correct("P", 2, reason="of 13800138001", by="clerk", fields={"phone": "13800138001"})
        yield engine


SECRETS = ("张三丰", "1975-05-05", "李四光", "13800138000", "13800138001")


def test_a_reader_gets_what_the_hook_shows(petition: Engine) -> None:
    shown = repr([
        petition.reading_as("guest").case("P"),
        petition.reading_as("guest").events("P"),
        petition.reading_as("guest").overview("P"),
        petition.reading_as("guest").audit("P"),
        petition.reading_as("guest").due(),
        petition.reading_as("guest").heads(),
        petition.reading_as("guest").possible("P", "clerk"),
    ])  # fmt: skip
    assert [secret for secret in SECRETS if secret in shown] == []
    assert "绿化" in shown
    whole = repr([petition.reading_as("clerk").case("P"), petition.reading_as("clerk").overview("P")])
    assert all(secret in whole for secret in SECRETS)
    assert petition.reading_as("clerk").case("P") == petition.case("P")


def test_verdicts_are_the_same_for_every_reader(petition: Engine) -> None:
    assert petition.reading_as("guest").audit("P") == petition.audit("P")


def test_a_view_for_a_reader_has_the_reads_and_no_write() -> None:
    public = {name for name in dir(ReaderView) if not name.startswith("_")} - {"actor", "events"}
    assert public == READS - SHOWN_TO_ALL - {"reading_as"}


def test_linking_is_asked_for(tmp_path: Path) -> None:
    def authorise(_actor: str | None, _role: str | None, action: str, _case: str | None) -> bool:
        return not action.startswith("link:")

    with Engine(tmp_path / "cases.db", project=DATA / "personal", clock=FixedClock(NOW), authorise=authorise) as engine:
        engine.open("town/petition", "P", by="clerk", facts={"topic": "绿化"})
        engine.open("town/inquiry", "I", by="clerk")
        with pytest.raises(Refused) as refused:
            engine.link("I", under="P", by="clerk")
        assert refused.value.code == "ZX4121"
        assert [row.action for row in engine.refusals()] == ["link:P"]


def test_lists_and_verdicts_name_the_office_of_the_bearer(tmp_path: Path) -> None:
    with at_work(tmp_path) as engine:
        items = {"guest": {"g1": {"kind": "expert"}}}
        engine.open(PROCESS, "c2", by="office", facts={"urgent": False}, items=items, at=date(2026, 1, 5))
        engine.plan("c2", "hold", to=date(2026, 4, 8), by="office")
        assert {row.office for row in engine.due()} == {None}
        engine.assign("c2", "office", to="finance", by="office", from_day=date(2026, 2, 1))
        engine.assign("c2", "department", to="person:zhang", by="office", from_day=date(2026, 4, 1))
        due = {(row.bearer, row.office, row.person) for row in engine.due() if row.case == "c2"}
        assert due == {("office", "finance", None), ("department", None, None)}
        lines = engine.audit("c2").cases[0].verdicts
        assert {line.assigned["office"].office for line in lines if "office" in line.who} == {"finance"}
        assert {line.assigned.get("department") for line in lines} == {None}  # not before April
        past = engine.audit("c2", as_of=date(2026, 1, 20)).cases[0].verdicts
        assert all(not line.assigned for line in past)
        assert engine.verify() == ()
