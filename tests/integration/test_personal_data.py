"""Personal data through the whole engine: kept apart, read back, erased on record, never brought back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from tests.cli.program import run, write
from tests.cli.test_output_schema import check
from tests.support import DATA
from tests.tampering import opened

from zhengxie_flow import Conflict, Engine, NotFound, Refused
from zhengxie_flow.errors import ChainBroken, UsageError
from zhengxie_flow.model.event import Event

PROJECT = DATA / "personal"
SECRETS = ("张三丰", "1975-05-05", "李四光", "13800138000", "王五一")


class Hand:
    """A clock turned by hand."""

    fixed = False

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 2, 2, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Hand:
    return Hand()


@pytest.fixture
def engine(clock: Hand, tmp_path: Path) -> Iterator[Engine]:
    with Engine(tmp_path / "cases.db", project=PROJECT, clock=clock) as made:
        items = {"witness": {"w1": {"name": "李四光", "kind": "expert"}}}
        made.open("town/petition", "P", by="clerk", facts={"petitioner": "张三丰", "topic": "绿化"}, items=items)
        made.record(
            "P", "receive", at=date(2026, 3, 2), by="clerk", key="r",
            fields={"petitioner": "张三丰", "phone": "13800138000"},
        )  # fmt: skip
        made.determine("P", {"born": "1975-05-05"}, by="clerk", reason="identity card", key="d")
        yield made


def stored(tmp_path: Path) -> str:
    """Everything that stands in the tables but the one for personal values."""
    with sqlite3.connect(tmp_path / "cases.db") as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = [connection.execute(f"SELECT * FROM {name}") for name in tables if name != "zx_personal"]  # noqa: S608
        return "".join(str(row) for found in rows for row in found)


def files(tmp_path: Path) -> bytes:
    return b"".join(path.read_bytes() for path in tmp_path.glob("cases.db*"))


def kinds(engine: Engine) -> list[str]:
    return [finding.kind for finding in engine.verify()]


def last(engine: Engine, case: str = "P") -> Event:
    return engine.case(case).events[-1]


def test_values_are_read_back_and_stand_nowhere_but_in_their_table(engine: Engine, tmp_path: Path) -> None:
    case = engine.case("P")
    assert case.value("petitioner") == "张三丰"
    assert case.value("born") == "1975-05-05"
    assert case.items["witness"]["w1"].fields == {"name": "李四光", "kind": "expert"}
    assert case.timeline[0].fields["phone"] == "13800138000"
    text = stored(tmp_path)
    assert "绿化" in text
    assert not [secret for secret in SECRETS if secret in text]
    assert kinds(engine) == []


def test_acts_determinations_corrections_and_new_items_are_sealed(engine: Engine, tmp_path: Path) -> None:
    engine.record("P", "name", at=date(2026, 3, 2), by="clerk", item="w2", fields={"name": "王五一", "kind": "public"})
    engine.determine("P", {"age": 57}, by="clerk", reason="said so", item="w2")
    engine.correct("P", 2, reason="typing", by="clerk", fields={"phone": "13900139000"})
    case = engine.case("P")
    assert case.items["witness"]["w2"].fields["name"] == "王五一"
    assert case.value("age", "w2") == 57
    assert case.timeline[0].fields == {"petitioner": "张三丰", "phone": "13900139000"}
    fields = {(datum.sequence, datum.field) for datum in engine.journal.personal("P")}
    assert fields == {
        (1, "/facts/petitioner"), (1, "/items/added/0/fields/name"),
        (2, "/fields/petitioner"), (2, "/fields/phone"), (2, "/facts/petitioner"),
        (3, "/facts/born"),
        (4, "/fields/name"), (4, "/items/added/0/fields/name"),
        (5, "/facts/age"),
        (6, "/replacement/body/fields/petitioner"), (6, "/replacement/body/fields/phone"),
        (6, "/replacement/body/facts/petitioner"),
    }  # fmt: skip
    text = stored(tmp_path)
    assert not [secret for secret in (*SECRETS, "13900139000") if secret in text]
    assert kinds(engine) == []


def test_the_same_command_again_is_the_same_event(engine: Engine) -> None:
    again = engine.record(
        "P", "receive", at=date(2026, 3, 2), by="clerk", key="r",
        fields={"petitioner": "张三丰", "phone": "13800138000"},
    )  # fmt: skip
    assert again == engine.case("P").events[1]
    with pytest.raises(Conflict) as caught:
        engine.record("P", "receive", at=date(2026, 3, 2), by="clerk", key="r", fields={"petitioner": "someone else"})
    assert caught.value.code == "ZX4030"
    engine.erase("P", 2, "phone", reason="asked", by="clerk")
    again = engine.record(
        "P", "receive", at=date(2026, 3, 2), by="clerk", key="r",
        fields={"petitioner": "张三丰", "phone": "whatever was erased"},
    )  # fmt: skip
    assert again.sequence == 2


def test_an_erased_value_is_gone_and_who_erased_it_is_on_record(engine: Engine, tmp_path: Path, clock: Hand) -> None:
    clock.at = datetime(2026, 3, 9, 2, tzinfo=UTC)
    done = engine.erase("P", 2, "phone", reason="retention ended", by="clerk", actor="desk 3")
    assert [(place.case, place.event, place.field) for place in done.places] == [("P", 2, "/fields/phone")]
    event = last(engine)
    assert event == done.event
    assert (event.type, event.by, event.actor) == ("erased", "clerk", "desk 3")
    assert (event.body.event, event.body.field, event.body.reason) == (2, "phone", "retention ended")
    assert engine.case("P").timeline[0].fields["phone"] == {"$erased": clock.at.isoformat()}
    assert kinds(engine) == ["erased"]
    assert b"13800138000" not in files(tmp_path)
    assert engine.case("P").value("petitioner") == "张三丰"


def test_an_erasure_reaches_corrections_and_names_what_is_left(engine: Engine) -> None:
    engine.correct("P", 2, reason="typing", by="clerk", fields={"phone": "13900139000"})
    looked = engine.erase("P", 2, "petitioner", reason="asked", by="clerk", dry_run=True)
    assert engine.case("P").version == 4
    done = engine.erase("P", 2, "petitioner", reason="asked", by="clerk")
    assert looked.places == done.places
    assert {(place.event, place.field) for place in done.places} == {
        (2, "/fields/petitioner"), (2, "/facts/petitioner"),
        (4, "/replacement/body/fields/petitioner"), (4, "/replacement/body/facts/petitioner"),
    }  # fmt: skip
    assert [(place.event, place.field) for place in done.left] == [(1, "/facts/petitioner")]
    engine.correct("P", 2, reason="typing again", by="clerk", fields={"phone": "13700137000"})
    assert set(engine.case("P").timeline[0].fields["petitioner"]) == {"$erased"}
    assert set(kinds(engine)) == {"erased"}


def test_conditions_see_an_erased_value_as_unknown_but_recorded(engine: Engine) -> None:
    engine.erase("P", 3, "born", reason="asked", by="clerk")
    for event in (1, 2):
        engine.erase("P", event, "petitioner", reason="asked", by="clerk")
    with pytest.raises(Refused) as refused:
        engine.advance("P", "reply", by="clerk")
    assert [(reason.id, reason.value, reason.needs) for reason in refused.value.reasons] == [
        ("p2.grown", "unknown", ("born",))
    ]
    engine.record("P", "reply", at=date(2026, 3, 2), by="clerk")
    (judged,) = engine.audit("P").cases
    found = {line.obligation: str(line.verdict) for line in judged.verdicts}
    assert found["p2.named"] == "pass"
    assert found["p2.grown"] == "needs_judgement"


def test_a_pointer_erases_one_of_several_values_of_a_name(engine: Engine) -> None:
    items = {"witness": {"a": {"name": "A"}, "b": {"name": "B"}}}
    engine.open("town/petition", "Q", by="clerk", items=items)
    engine.erase("Q", 1, "/items/added/1/fields/name", reason="asked", by="clerk")
    names = {ident: item.fields["name"] for ident, item in engine.case("Q").items["witness"].items()}
    assert names["a"] == "A"
    assert set(names["b"]) == {"$erased"}


def test_what_a_parent_was_told_goes_too(engine: Engine, tmp_path: Path) -> None:
    engine.open("town/inquiry", "I", by="clerk", under="P")
    engine.advance("I", "hear", by="clerk", fields={"informant": "王五一"})
    assert last(engine).body.fields == {"informant": "王五一"}
    assert "王五一" not in stored(tmp_path)
    with pytest.raises(UsageError) as caught:
        engine.erase("P", engine.case("P").version, "informant", reason="asked", by="clerk")
    assert caught.value.code == "ZX4070"
    done = engine.erase("I", 2, "informant", reason="asked", by="clerk")
    assert {place.case for place in done.places} == {"I", "P"}
    assert "王五一".encode() not in files(tmp_path)
    version = engine.case("P").version
    assert str(last(engine).type) == "erased"
    engine.advance("I", "end", by="clerk")
    assert engine.case("P").version == version + 1
    assert set(last(engine).body.fields["informant"]) == {"$erased"}
    assert set(kinds(engine)) == {"erased"}


def test_what_cannot_be_erased_says_why(engine: Engine) -> None:
    for event, field, kind, code in (
        (9, "phone", NotFound, "ZX4033"),
        (2, "nothing", NotFound, "ZX5020"),
        (1, "topic", UsageError, "ZX4081"),
    ):
        with pytest.raises(kind) as caught:
            engine.erase("P", event, field, reason="asked", by="clerk")
        assert caught.value.code == code
    with pytest.raises(UsageError) as blank:
        engine.erase("P", 2, "phone", reason=" ", by="clerk")
    assert blank.value.code == "ZX4029"
    with pytest.raises(UsageError) as stranger:
        engine.erase("P", 2, "phone", reason="asked", by="pirate")
    assert stranger.value.code == "ZX1201"
    with pytest.raises(NotFound):
        engine.erase("gone", 1, "phone", reason="asked", by="clerk")
    with pytest.raises(Conflict):
        engine.erase("P", 2, "phone", reason="asked", by="clerk", expected_version=1)
    assert engine.case("P").timeline[0].fields["phone"] == "13800138000"
    engine.erase("P", 2, "phone", reason="asked", by="clerk", key="e")
    assert engine.erase("P", 2, "phone", reason="asked", by="clerk", key="e").event == last(engine)
    with pytest.raises(Conflict):
        engine.erase("P", 2, "phone", reason="other", by="clerk", key="e")
    with pytest.raises(NotFound) as again:
        engine.erase("P", 2, "phone", reason="asked", by="clerk")
    assert again.value.code == "ZX5020"
    with pytest.raises(UsageError) as fixed:
        engine.correct("P", 4, reason="no", by="clerk", retract=True)
    assert fixed.value.code == "ZX4080"


CASE = {
    "language": 1, "case": "F", "process": "town/petition", "opened": "2026-01-05", "by": "clerk",
    "given": {"facts": {"petitioner": "张三丰", "topic": "绿化"}},
    "events": [
        {"at": "2026-01-06", "do": "receive", "by": "clerk", "with": {"phone": "13800138000"}},
        {"at": "2026-01-06", "do": "receive", "by": "clerk", "with": {"phone": "13900139000"}},
        {"at": "2026-01-07", "determine": {"born": "1975-05-05"}, "by": "clerk", "reason": "card"},
        {"at": "2026-01-08", "do": "name", "for": "w1", "by": "clerk", "with": {"name": "李四光"}},
    ],
}  # fmt: skip


def bring(tmp_path: Path, case: dict[str, object]) -> dict[str, int]:
    file = write(tmp_path / "case.yaml", case)
    with pytest.MonkeyPatch.context() as environ:
        environ.setenv("ZHENGXIE_CLOCK", Hand().at.isoformat())
        answer = run("--project", PROJECT, "--db", tmp_path / "cases.db", "--format", "json", "import", file)
    assert answer.code == 0, answer.out
    return answer.data


def test_an_import_is_known_again_and_never_brings_back_what_was_erased(engine: Engine, tmp_path: Path) -> None:
    first = bring(tmp_path, CASE)
    assert (first["cases_new"], first["events_new"]) == (1, 5)
    text = stored(tmp_path)
    assert not [secret for secret in SECRETS if secret in text]
    again = bring(tmp_path, CASE)
    assert (again["cases_known"], again["events_new"], again["events_known"]) == (1, 0, 5)
    for event, field in ((1, "petitioner"), (2, "phone"), (4, "born"), (5, "name")):
        engine.erase("F", event, field, reason="asked", by="clerk")
    more = {"at": "2026-01-09", "do": "receive", "by": "clerk", "with": {"phone": "13600136000"}}
    grown = {**CASE, "events": [*CASE["events"], more, {**more, "at": "2026-01-06"}]}  # type: ignore[misc]
    after = bring(tmp_path, grown)
    assert (after["events_new"], after["events_known"]) == (2, 5)
    case = engine.case("F")
    phones = [act.fields["phone"] for act in case.timeline if act.action == "receive"]
    assert [phone for phone in phones if isinstance(phone, str)] == ["13900139000", "13600136000", "13600136000"]
    assert set(kinds(engine)) == {"erased"}


@pytest.mark.usefixtures("engine")
def test_another_opening_is_still_a_conflict(tmp_path: Path) -> None:
    bring(tmp_path, CASE)
    other = {**CASE, "given": {"facts": {"petitioner": "someone else", "topic": "绿化"}}}
    file = write(tmp_path / "case.yaml", other)
    answer = run("--project", PROJECT, "--db", tmp_path / "cases.db", "--format", "json", "import", file)
    assert (answer.code, answer.error["code"]) == (5, "ZX6040")


def test_a_journal_with_values_in_clear_is_read_as_before(engine: Engine) -> None:
    """As it was written before values were kept apart: the same events, none of them sealed."""
    from zhengxie_flow.engine import fold
    from zhengxie_flow.testing.builders import make_head

    opened = engine.case("P").events[0]
    head = engine.journal.head("P")
    assert head is not None
    from dataclasses import replace

    with engine.journal.transaction() as transaction:
        old = make_head("old", "received", process="town/petition", definition=head.definition)
        transaction.append(old, [replace(opened, case="old", key="k")], expected_version=0)
    assert engine.case("old").value("petitioner") == "张三丰"
    assert fold(engine.journal.events("old")).value("petitioner") == "张三丰"
    assert list(engine.journal.verify()) == []
    with pytest.raises(UsageError) as caught:
        engine.erase("old", 1, "petitioner", reason="asked", by="clerk")
    assert caught.value.code == "ZX4081"


def test_the_command_erases_in_text_and_json(engine: Engine, tmp_path: Path) -> None:
    base = ("--project", PROJECT, "--db", tmp_path / "cases.db")
    ask = ("erase", "P", 2, "phone", "--reason", "asked", "--by", "clerk")
    looked = run(*base, "--format", "json", *ask, "--dry-run")
    assert (looked.code, looked.data["written"], engine.case("P").version) == (0, False, 3)
    assert looked.data["erased"] == [{"case": "P", "event": 2, "field": "/fields/phone"}]
    check(looked, "erase")
    done = run(*base, "--lang", "en", *ask)
    assert done.code == 0
    assert "P#2" in done.out
    assert "13800138000" not in done.out
    assert run(*base, *ask).code == 4
    assert run(*base, "erase", "P", 1, "topic", "--reason", "asked", "--by", "clerk").code == 2
    assert run(*base, "erase", "P", 1, "petitioner", "--reason", "asked", "--by", "clerk").code == 0
    assert run(*base, "erase", "P", 2, "petitioner", "--reason", "asked", "--by", "clerk").code == 0
    assert "已删除" in run(*base, "--lang", "zh", "show", "P").out
    show = run(*base, "--format", "json", "show", "P")
    check(show, "show")
    shown = show.data
    assert [fact for fact in shown["facts"] if fact["fact"] == "petitioner"][0]["value"].keys() == {"$erased"}
    verified = run(*base, "--format", "json", "verify")
    assert (verified.code, verified.data["intact"]) == (0, True)
    assert {finding["kind"] for finding in verified.data["findings"]} == {"erased"}


def forge(tmp_path: Path, statement: str) -> None:
    """Change the personal values behind the engine's back."""
    with opened(tmp_path / "cases.db") as rows:
        assert rows.execute(statement).rowcount == 1


def test_a_value_erased_without_a_word_is_a_break(engine: Engine, tmp_path: Path) -> None:
    engine.erase("P", 2, "phone", by="clerk", reason="retention is over")
    assert {found.kind for found in engine.verify()} == {"erased"}
    gone = "value = NULL, salt = NULL, erased = '2026-03-02T10:00:00+08:00', ground = 'retention is over'"
    forge(tmp_path, f"UPDATE zx_personal SET {gone} WHERE field = '/facts/born'")  # noqa: S608
    assert [(found.sequence, found.kind) for found in engine.verify() if found.kind != "erased"] == [(3, "removed")]


def test_a_value_made_unreadable_is_told_and_not_read_over(engine: Engine, tmp_path: Path) -> None:
    forge(tmp_path, "UPDATE zx_personal SET value = 'no JSON' WHERE field = '/facts/born'")
    with pytest.raises(ChainBroken) as raised:
        engine.audit("P")
    assert (raised.value.code, raised.value.where.event) == ("ZX5900", 3)
    assert [(found.sequence, found.kind) for found in engine.verify()] == [(3, "changed")]
