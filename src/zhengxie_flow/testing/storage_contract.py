# ruff: noqa: S101, D102, DTZ001, PT012 - a suite of tests that ships with the package
"""Contract of all journals, whatever their storage: subclass, provide a journal, run under pytest.

    class TestMyJournal(JournalContract):
        @pytest.fixture
        def journal(self):
            return MyJournal()

The cases here are about behaviour a caller can see through `zhengxie_flow.ports.Journal`; files, locks and
servers are for the tests of the backend itself.
"""

from __future__ import annotations

import hashlib
import threading
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from zhengxie_flow.errors import (
    Conflict,
    InternalError,
    InvalidInput,
    StorageError,
    UsageError,
    ZhengxieError,
)
from zhengxie_flow.model.body import facts_of, plain
from zhengxie_flow.model.body_parts import Values
from zhengxie_flow.model.event import Event, EventType, Mode, canonical, content
from zhengxie_flow.testing.builders import (
    BEIJING,
    DAY,
    NOW,
    make_deadline,
    make_definition,
    make_event,
    make_head,
    make_projection,
    write,
)
from zhengxie_flow.testing.following_contract import FollowingContract
from zhengxie_flow.testing.listing_contract import ListingContract
from zhengxie_flow.testing.personal_contract import PersonalContract
from zhengxie_flow.testing.projection_contract import ProjectionContract

if TYPE_CHECKING:
    from zhengxie_flow.ports import Journal


def _facts(event: Event) -> Values:
    facts = facts_of(event.body)
    assert facts is not None
    return facts


class JournalContract(PersonalContract, ProjectionContract, ListingContract, FollowingContract):
    """The contract suite; a subclass overrides the fixture ``journal`` with an empty journal."""

    # -- events --

    def test_an_empty_journal_knows_nothing(self, journal: Journal) -> None:
        assert journal.head("none") is None
        assert journal.events("none") == ()
        assert list(journal.heads()) == []
        assert list(journal.deadlines()) == []
        assert list(journal.verify()) == []
        assert journal.definition("sha256:none") is None

    def test_every_field_of_an_event_comes_back(self, journal: Journal) -> None:
        event = make_event(
            "吉协办〔2026〕7号 / 第“3”件",
            1,
            type=EventType.ACT,
            mode=Mode.ADVANCED,
            occurred=datetime(2026, 3, 5, 23, 59, 59, 999999, tzinfo=UTC),
            action="hold",
            item="counterpart-1",
            by="organizer",
            actor="青禾市政协",
            recorded_by="clerk-7",
            body={"facts": {"b": [1, None, True, "字\u2028\U0001f600"], "a": {"deep": {}}, "big": 2**70}},
            evidence=("sha256:ab", "会议纪要.pdf"),
            supersedes=None,
            definition=make_definition().hash,
            calendar="sha256:c",
            schema=1,
        )
        second = make_event(event.case, 2, supersedes=1, key="")
        with journal.transaction() as transaction:
            transaction.keep_definition(make_definition())
            written = transaction.append(make_head(event.case), [event, second], expected_version=0)
        assert journal.events(event.case) == written
        assert written[0] == replace(event, hash=written[0].hash)
        assert [content(e) for e in journal.events(event.case)] == [content(e) for e in written]
        assert journal.events(event.case)[0].body == event.body

    def test_a_day_stays_a_day_and_an_instant_an_instant(self, journal: Journal) -> None:
        instant = datetime(2026, 3, 5, tzinfo=BEIJING)
        write(journal, "a", make_event("a", 1, occurred=DAY), make_event("a", 2, occurred=instant), expected=0)
        day, moment = (event.occurred for event in journal.events("a"))
        assert type(day) is date
        assert isinstance(moment, datetime)
        assert moment.isoformat() == "2026-03-05T00:00:00+08:00"

    def test_events_are_chained(self, journal: Journal) -> None:
        first, second = write(journal, "a", make_event("a", 1), make_event("a", 2), expected=0)
        (third,) = write(journal, "a", make_event("a", 3), expected=2)
        assert [first.previous_hash, second.previous_hash, third.previous_hash] == [
            "",
            first.hash,
            second.hash,
        ]
        for event in (first, second, third):
            digest = hashlib.new(self.hash_name, canonical(content(event))).hexdigest()
            assert event.hash == f"{self.hash_name}:{digest}"
        head = journal.head("a")
        assert head is not None
        assert (head.version, head.hash) == (3, third.hash)
        assert list(journal.verify()) == []

    def test_what_append_returns_is_what_is_read(self, journal: Journal) -> None:
        body = {"fields": {"day": DAY, "set": frozenset({"b", "a"}), "tuple": (1, 2)}}
        written = write(journal, "a", make_event("a", 1, body=body), expected=0)
        assert written == journal.events("a")
        assert plain(written[0].body) == {"fields": {"day": "2026-03-05", "set": ["a", "b"], "tuple": [1, 2]}}

    def test_readers_cannot_change_what_is_kept(self, journal: Journal) -> None:
        body = {"facts": {"a": 1}}
        (written,) = write(journal, "a", make_event("a", 1, body=body), expected=0)
        body["facts"]["a"] = 2
        _facts(written)["a"] = 3
        _facts(journal.events("a")[0])["a"] = 4
        assert _facts(journal.events("a")[0]) == {"a": 1}
        assert list(journal.verify()) == []

    # -- refusals --

    @pytest.mark.parametrize("expected", [1, 5])
    def test_a_case_that_does_not_exist_has_version_0(self, journal: Journal, expected: int) -> None:
        with pytest.raises(Conflict) as caught:
            write(journal, "a", make_event("a", expected + 1), expected=expected)
        assert (caught.value.code, caught.value.params) == ("ZX4031", {"expected": expected, "version": 0})
        assert journal.head("a") is None

    @pytest.mark.parametrize("expected", [0, 1, 3])
    def test_a_stale_version_is_a_conflict_and_writes_nothing(self, journal: Journal, expected: int) -> None:
        write(journal, "a", make_event("a", 1), make_event("a", 2), expected=0)
        before = journal.head("a")
        with pytest.raises(Conflict) as caught:
            write(journal, "a", make_event("a", expected + 1, key="new"), expected=expected)
        assert (caught.value.code, caught.value.params) == ("ZX4031", {"expected": expected, "version": 2})
        assert journal.head("a") == before
        assert len(journal.events("a")) == 2

    def test_a_key_is_used_once_in_a_case(self, journal: Journal) -> None:
        write(journal, "a", make_event("a", 1, key="same"), expected=0)
        with pytest.raises(Conflict) as caught:
            write(journal, "a", make_event("a", 2, key="same"), expected=1)
        assert caught.value.code == "ZX4030"
        with pytest.raises(Conflict):
            write(journal, "a", make_event("a", 2, key="x"), make_event("a", 3, key="x"), expected=1)
        write(journal, "b", make_event("b", 1, key="same"), expected=0)
        assert len(journal.events("a")) == 1

    def test_events_without_a_key_do_not_clash(self, journal: Journal) -> None:
        write(journal, "a", make_event("a", 1, key=""), make_event("a", 2, key=""), expected=0)
        assert [event.key for event in journal.events("a")] == ["", ""]
        with journal.transaction() as transaction:
            assert transaction.find_key("a", "") is None

    def test_a_key_finds_its_event(self, journal: Journal) -> None:
        written = write(journal, "a", make_event("a", 1), make_event("a", 2), expected=0)
        with journal.transaction() as transaction:
            assert transaction.find_key("a", "key-2") == written[1]
            assert transaction.find_key("a", "key-3") is None
            assert transaction.find_key("b", "key-2") is None

    @pytest.mark.parametrize("case", ["", "字" * 201, "a\nb", "a\0b", "a\ud800"])
    def test_a_case_id_that_cannot_be_used(self, journal: Journal, case: str) -> None:
        with pytest.raises(UsageError) as caught:
            write(journal, case, make_event(case, 1), expected=0)
        assert caught.value.code == "ZX4037"

    def test_a_long_chinese_case_id_is_fine(self, journal: Journal) -> None:
        case = "协" * 200
        write(journal, case, make_event(case, 1), expected=0)
        assert [head.case for head in journal.heads()] == [case]

    @pytest.mark.parametrize(
        "fields",
        [
            {"body": {"fields": {"amount": 1.5}}},
            {"body": {"fields": {"sign": "\ud800"}}},
            {"body": {"fields": {"what": object()}}},
            {"recorded": datetime(2026, 3, 5)},
            {"occurred": datetime(2026, 3, 5)},
            {"actor": "a\0b"},
            {"actor": "\ud800"},
            {"key": "k" * 201},
        ],
    )
    def test_what_cannot_be_kept_is_refused(self, journal: Journal, fields: dict[str, Any]) -> None:
        with pytest.raises(InvalidInput) as caught:
            write(journal, "a", make_event("a", 1, **fields), expected=0)
        assert (caught.value.code, caught.value.where.case, caught.value.where.event) == ("ZX5009", "a", 1)
        assert journal.head("a") is None

    @pytest.mark.parametrize("wrong", [[], [("a", 2)], [("a", 1), ("a", 3)], [("b", 1)]])
    def test_events_continue_the_case_they_are_for(self, journal: Journal, wrong: list[tuple[str, int]]) -> None:
        with pytest.raises(InternalError) as caught:
            write(journal, "a", *(make_event(case, number) for case, number in wrong), expected=0)
        assert caught.value.code == "ZX5017"
        assert journal.head("a") is None

    # -- transactions --

    def test_an_exception_undoes_everything(self, journal: Journal) -> None:
        class Stop(Exception):
            pass

        definition = make_definition()
        with pytest.raises(Stop), journal.transaction() as transaction:
            transaction.keep_definition(definition)
            transaction.append(make_head("a"), [make_event("a", 1)], expected_version=0)
            transaction.project(make_projection("a", [make_deadline("a", "x", DAY)]))
            raise Stop
        assert journal.head("a") is None
        assert journal.events("a") == ()
        assert list(journal.deadlines()) == []
        assert journal.definition(definition.hash) is None

    def test_a_write_sees_itself_and_others_see_it_afterwards(self, journal: Journal) -> None:
        with journal.transaction() as transaction:
            assert transaction.head("a") is None
            written = transaction.append(make_head("a", "held"), [make_event("a", 1)], expected_version=0)
            head = transaction.head("a")
            assert head is not None
            assert (head.version, head.state, head.hash) == (1, "held", written[0].hash)
            assert transaction.events("a") == written
            assert transaction.find_key("a", "key-1") == written[0]
            assert journal.head("a") is None
            assert journal.events("a") == ()
            transaction.append(make_head("a", "closed"), [make_event("a", 2)], expected_version=1)
            transaction.append(make_head("b"), [make_event("b", 1)], expected_version=0)
        assert [(h.case, h.version, h.state) for h in journal.heads()] == [
            ("a", 2, "closed"),
            ("b", 1, "planned"),
        ]

    def test_of_a_case_read_before_only_later_events_are_read(self, journal: Journal) -> None:
        first = write(journal, "a", make_event("a", 1), expected=0)[0]
        later = write(journal, "a", make_event("a", 2), make_event("a", 3), expected=1)
        assert journal.events_since("a", 1, first.hash) == later
        assert journal.events_since("a", 3, later[-1].hash) == ()
        for version, digest in ((2, first.hash), (1, later[0].hash), (4, later[-1].hash)):
            assert journal.events_since("a", version, digest) is None
        assert journal.events_since("b", 1, first.hash) is None
        with journal.transaction() as transaction:
            assert transaction.events_since("a", 1, first.hash) == later
            assert transaction.events_since("a", 2, first.hash) is None
            (fourth,) = transaction.append(make_head("a"), [make_event("a", 4)], expected_version=3)
            assert transaction.events_since("a", 3, later[-1].hash) == (fourth,)

    def test_a_refused_append_cannot_be_kept_by_mistake(self, journal: Journal) -> None:
        with pytest.raises(Conflict), journal.transaction() as transaction:
            transaction.append(make_head("a"), [make_event("a", 1)], expected_version=0)
            with suppress(Conflict):
                transaction.append(make_head("a"), [make_event("a", 1)], expected_version=0)
        assert journal.head("a") is None

    def test_after_an_error_the_journal_goes_on(self, journal: Journal) -> None:
        for _ in range(3):
            with pytest.raises(ZhengxieError):
                write(journal, "a", make_event("a", 7), expected=6)
        write(journal, "a", make_event("a", 1), expected=0)
        assert len(journal.events("a")) == 1

    def test_of_many_threads_exactly_one_wins_each_version(self, journal: Journal) -> None:
        wins: list[tuple[int, int]] = []
        losses: list[str] = []
        start = threading.Barrier(4)

        def race(runner: int) -> None:
            start.wait()
            for version in range(5):
                try:
                    event = make_event("a", version + 1, actor=str(runner), key=f"{runner}-{version}")
                    write(journal, "a", event, expected=version)
                    wins.append((version, runner))
                except Conflict as conflict:
                    losses.append(conflict.code)

        threads = [threading.Thread(target=race, args=(runner,)) for runner in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        events = journal.events("a")
        assert sorted(wins) == [(event.sequence - 1, int(event.actor or "")) for event in events]
        assert set(losses) <= {"ZX4031"}
        assert len(wins) + len(losses) == 20
        assert list(journal.verify()) == []

    # -- heads, deadlines, definitions --

    def test_heads_come_by_code_point(self, journal: Journal) -> None:
        cases = ["b", "B", "a-1", "a1", "协", "é", "\U0001f600", "Z", "_", "10", "9"]
        for case in cases:
            write(journal, case, make_event(case, 1), expected=0)
        assert [head.case for head in journal.heads()] == sorted(cases)
        assert list(journal.verify()) == []

    def test_a_head_comes_back_whole(self, journal: Journal) -> None:
        head = make_head("a", "held", process="jilin/hearing", opened=date(2013, 1, 2))
        with journal.transaction() as transaction:
            (event,) = transaction.append(head, [make_event("a", 1)], expected_version=0)
        assert journal.head("a") == replace(head, version=1, hash=event.hash)

    def test_a_head_is_restated_at_its_version(self, journal: Journal) -> None:
        (event,) = write(journal, "a", make_event("a", 1), expected=0)
        with journal.transaction() as transaction:
            transaction.restate(make_head("a", "held", process="jilin/hearing"))
            stated = transaction.head("a")
        assert (
            stated
            == journal.head("a")
            == replace(make_head("a", "held", process="jilin/hearing"), version=1, hash=event.hash)
        )
        assert list(journal.verify()) == []

    def test_a_definition_is_kept_once(self, journal: Journal) -> None:
        first = make_definition(sources={"a.yaml": "# with a comment"})
        again = make_definition(sources={"a.yaml": "# another comment"})
        assert first.hash == again.hash
        for definition in (first, again):
            with journal.transaction() as transaction:
                transaction.keep_definition(definition)
                transaction.keep_definition(definition)
        assert journal.definition(first.hash) == first

    def test_a_definition_must_hash_to_its_id(self, journal: Journal) -> None:
        with pytest.raises(StorageError) as caught, journal.transaction() as transaction:
            transaction.keep_definition(replace(make_definition(), bundle={"other": True}))
        assert caught.value.code == "ZX5008"

    def test_verify_misses_a_definition_that_was_never_kept(self, journal: Journal) -> None:
        absent = make_definition().hash
        write(journal, "a", make_event("a", 1), make_event("a", 2, definition=absent), expected=0)
        (finding,) = journal.verify()
        assert (finding.case, finding.sequence, finding.kind) == ("a", 2, "definition")
        assert (finding.expected, finding.found) == (absent, None)

    # -- checkpoints --

    def test_a_checkpoint_holds_where_every_case_stands(self, journal: Journal) -> None:
        first = journal.checkpoint(NOW)
        assert (first.heads, first.previous_root) == ((), "")
        write(journal, "b", make_event("b", 1), expected=0)
        write(journal, "a", make_event("a", 1), make_event("a", 2), expected=0)
        second = journal.checkpoint(NOW)
        heads = [(head.case, head.version, head.hash) for head in journal.heads()]
        assert list(second.heads) == heads
        assert second.previous_root == first.root
        assert journal.checkpoint(NOW) == second  # nothing was written since
        write(journal, "b", make_event("b", 2), expected=1)
        for root in (None, first.root, second.root):
            assert list(journal.verify(root)) == []
        assert len({first.root, second.root, journal.checkpoint(NOW).root}) == 3

    def test_a_checkpoint_that_is_not_there_is_told(self, journal: Journal) -> None:
        kept = journal.checkpoint(NOW)
        (finding,) = journal.verify("sha256:00")
        assert (finding.case, finding.kind) == ("", "checkpoint")
        assert (finding.expected, finding.found) == ("sha256:00", kept.root)

    # -- evidence --

    def test_evidence_of_all_cases_in_order_with_what_was_erased(self, journal: Journal) -> None:
        file = f"会议 纪要.pdf sha256:{'0' * 64} size=7"
        write(journal, "b", make_event("b", 1), make_event("b", 2, evidence=("a note",)), expected=0)
        place = {"case": "a", "event": 1, "field": "/evidence/1"}
        gone = {"event": 1, "field": "evidence", "places": [place], "reason": "over"}
        erased = make_event("a", 2, type=EventType.ERASED, body=gone)
        write(journal, "a", make_event("a", 1, evidence=("a note", file)), erased, expected=0)
        entries = [
            (entry.case, entry.sequence, entry.position, entry.text, entry.erased) for entry in journal.evidence()
        ]
        expected = [("a", 1, 0, "a note", False), ("a", 1, 1, file, True), ("b", 2, 0, "a note", False)]
        assert entries == expected
