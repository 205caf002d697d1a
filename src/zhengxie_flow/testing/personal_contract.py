# ruff: noqa: S101, D102, PT012 - a suite of tests that ships with the package
"""Contract of journals for personal values; a part of `storage_contract.JournalContract`."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from zhengxie_flow.errors import ChainBroken, Conflict, NotFound
from zhengxie_flow.model.body import plain
from zhengxie_flow.model.event import EventType, canonical, content
from zhengxie_flow.model.personal import NOT_CARRIED
from zhengxie_flow.ports import ABSENT, SealedEvent
from zhengxie_flow.testing.builders import NOW, make_event, make_head, write

if TYPE_CHECKING:
    from zhengxie_flow.ports import Journal


def _sealed(record: dict[str, Any], previous: str, algorithm: str) -> SealedEvent:
    """An event hashed behind another, as another journal would."""
    record = {**record, "previous_hash": previous}
    return SealedEvent(record, f"{algorithm}:{hashlib.new(algorithm, canonical(record)).hexdigest()}")


class PersonalContract:
    """Tests that personal values are kept apart, read back, erased for good, with only a salted hash in the chain."""

    hash_name = "sha256"

    @pytest.fixture
    def journal(self) -> Journal:
        """An empty journal."""
        raise NotImplementedError

    def test_a_personal_value_is_read_back_and_not_under_the_hash(self, journal: Journal) -> None:
        body = {"fields": {"name": "张三", "born": date(1980, 1, 2), "topic": "绿化"}}
        fields = ["/fields/born", "/fields/name"]
        with journal.transaction() as transaction:
            events = [make_event("a", 1, body=body), make_event("a", 2)]
            written = transaction.append(make_head("a"), events, expected_version=0, personal={1: fields})
            assert transaction.events("a") == written
            assert transaction.find_key("a", "key-1") == written[0]
        assert journal.events("a") == written
        assert plain(written[0].body) == {"fields": {"name": "张三", "born": "1980-01-02", "topic": "绿化"}}
        kept = journal.personal("a")
        assert [(datum.sequence, datum.field, datum.value) for datum in kept] == [
            (1, "/fields/born", '"1980-01-02"'),
            (1, "/fields/name", '"张三"'),
        ]
        sealed = {
            "name": {"$personal": kept[1].digest},
            "born": {"$personal": kept[0].digest},
            "topic": "绿化",
        }
        hashed = canonical({**content(written[0]), "body": {"fields": sealed}})
        assert written[0].hash == f"{self.hash_name}:{hashlib.new(self.hash_name, hashed).hexdigest()}"
        assert list(journal.verify()) == []

    def test_one_mapping_in_two_places_is_sealed_in_each(self, journal: Journal) -> None:
        fields = {"name": "张三"}
        body = {"fields": fields, "items": {"added": [{"type": "x", "id": "i", "fields": fields}]}}
        with journal.transaction() as transaction:
            transaction.append(
                make_head("a"),
                [make_event("a", 1, body=body)],
                expected_version=0,
                personal={1: ["/fields/name", "/items/added/0/fields/name"]},
            )
        assert plain(journal.events("a")[0].body) == body
        assert [datum.value for datum in journal.personal("a")] == ['"张三"', '"张三"']
        assert list(journal.verify()) == []

    def test_equal_personal_values_cannot_be_told_to_be_equal(self, journal: Journal) -> None:
        body = {"fields": {"name": "张三"}}
        with journal.transaction() as transaction:
            events = [make_event("a", number, body=body) for number in (1, 2)]
            transaction.append(
                make_head("a"), events, expected_version=0, personal={1: ["/fields/name"], 2: ["/fields/name"]}
            )
        first, second = journal.personal("a")
        assert first.digest != second.digest
        assert first.salt != second.salt

    def test_sealed_events_go_into_another_case_of_the_same_id_as_they_are(self, journal: Journal) -> None:
        body = {"fields": {"name": "张三", "topic": "绿化"}}
        with journal.transaction() as transaction:
            events = [make_event("a", 1, body=body), make_event("a", 2)]
            transaction.append(make_head("a"), events, expected_version=0, personal={1: ["/fields/name"]})
        sealed, data = journal.sealed("a"), journal.personal("a")
        assert [event.hash for event in sealed] == [event.hash for event in journal.events("a")]
        assert set(sealed[0].record["body"]["fields"]["name"]) == {"$personal"}
        assert journal.sealed("none") == ()
        moved = [{**event.record, "case": "b"} for event in sealed]
        first = _sealed(moved[0], "", self.hash_name)
        second = _sealed(moved[1], first.hash, self.hash_name)
        carried = [replace(datum, case="b") for datum in data]
        with journal.transaction() as transaction:
            transaction.append_sealed(make_head("b"), [first], expected_version=0, personal=carried)
        with journal.transaction() as transaction:
            transaction.append_sealed(make_head("b"), [second], expected_version=1, personal=())
            assert [plain(event.body) for event in transaction.events("b")] == [body, {}]
        assert journal.sealed("b") == (first, second)
        assert journal.personal("b") == tuple(carried)
        head = journal.head("b")
        assert head is not None
        assert (head.version, head.hash) == (2, second.hash)
        assert list(journal.verify()) == []

    def test_sealed_events_that_do_not_follow_are_refused_and_nothing_is_kept(self, journal: Journal) -> None:
        with journal.transaction() as transaction:
            transaction.append(make_head("a"), [make_event("a", 1)], expected_version=0)
        (event,) = journal.sealed("a")
        attempts = (
            (0, _sealed({**event.record, "case": "b", "sequence": 2}, "", self.hash_name)),
            (0, _sealed({**event.record, "case": "c"}, "", self.hash_name)),
            (0, SealedEvent({**event.record, "case": "b"}, event.hash)),
            (0, _sealed({**event.record, "case": "b"}, event.hash, self.hash_name)),
        )
        for version, wrong in attempts:
            with pytest.raises(ChainBroken), journal.transaction() as transaction:
                transaction.append_sealed(make_head("b"), [wrong], expected_version=version, personal=())
        with pytest.raises(Conflict), journal.transaction() as transaction:
            transaction.append_sealed(make_head("a"), [event], expected_version=0, personal=())
        assert [head.case for head in journal.heads()] == ["a"]
        assert list(journal.verify()) == []

    def test_a_value_that_did_not_come_along_is_a_note(self, journal: Journal) -> None:
        body = {"fields": {"name": "张三"}}
        with journal.transaction() as transaction:
            events = [make_event("a", 1, body=body)]
            transaction.append(make_head("a"), events, expected_version=0, personal={1: ["/fields/name"]})
        (event,), (datum,) = journal.sealed("a"), journal.personal("a")
        absent = replace(datum, case="b", value=None, salt=None, erased=NOW.isoformat(), ground=NOT_CARRIED)
        with journal.transaction() as transaction:
            sealed = _sealed({**event.record, "case": "b"}, "", self.hash_name)
            transaction.append_sealed(make_head("b"), [sealed], expected_version=0, personal=[absent])
        assert [(finding.case, finding.kind) for finding in journal.verify()] == [("b", ABSENT)]
        assert plain(journal.events("b")[0].body) == {"fields": {"name": {"$erased": NOW.isoformat()}}}

    def test_an_erased_value_is_gone_and_the_chain_holds(self, journal: Journal) -> None:
        body = {"fields": {"name": "张三", "topic": "绿化"}}
        with journal.transaction() as transaction:
            transaction.append(
                make_head("a"), [make_event("a", 1, body=body)], expected_version=0, personal={1: ["/fields/name"]}
            )
        with journal.transaction() as transaction:
            transaction.erase_personal("a", 1, "/fields/name", at=NOW, ground="retention ended")
            assert transaction.personal("a")[0].value is None
        (event,) = journal.events("a")
        assert plain(event.body) == {"fields": {"name": {"$erased": NOW.isoformat()}, "topic": "绿化"}}
        (datum,) = journal.personal("a")
        assert (datum.value, datum.salt, datum.erased) == (None, None, NOW.isoformat())
        assert datum.ground == "retention ended"
        (finding,) = journal.verify()
        assert (finding.case, finding.sequence, finding.kind) == ("a", 1, "erased")
        write(journal, "a", make_event("a", 2), expected=1)
        assert [finding.kind for finding in journal.verify()] == ["erased"]

    def test_after_an_erasure_nothing_read_before_holds(self, journal: Journal) -> None:
        body, fields = {"fields": {"name": "张三"}}, {1: ["/fields/name"]}
        with journal.transaction() as transaction:
            events = [make_event("a", 1, body=body)]
            (first,) = transaction.append(make_head("a"), events, expected_version=0, personal=fields)
            events = [make_event("a", 2, body=body)]
            (second,) = transaction.append(make_head("a"), events, expected_version=1, personal={2: fields[1]})
        assert journal.events_since("a", 1, first.hash) == (second,)
        gone = {"event": 1, "field": "name", "reason": "-", "places": []}
        (erasure,) = write(journal, "a", make_event("a", 3, type=EventType.ERASED, body=gone), expected=2)
        assert journal.events_since("a", 1, first.hash) is None
        assert journal.events_since("a", 2, second.hash) is None
        assert journal.events_since("a", 3, erasure.hash) == ()

    @pytest.mark.parametrize("place", [("a", 1, "/fields/topic"), ("a", 2, "/fields/name"), ("b", 1, "/fields/name")])
    def test_what_is_not_kept_apart_cannot_be_erased(self, journal: Journal, place: tuple[str, int, str]) -> None:
        body = {"fields": {"name": "张三", "topic": "绿化"}}
        with journal.transaction() as transaction:
            transaction.append(
                make_head("a"), [make_event("a", 1, body=body)], expected_version=0, personal={1: ["/fields/name"]}
            )
        with pytest.raises(NotFound) as caught, journal.transaction() as transaction:
            transaction.erase_personal(*place, at=NOW, ground="-")
        assert caught.value.code == "ZX5020"
        assert journal.personal("b") == ()

    def test_an_erasure_that_is_undone_erases_nothing(self, journal: Journal) -> None:
        class Stop(Exception):
            pass

        body = {"fields": {"name": "张三"}}
        with journal.transaction() as transaction:
            transaction.append(
                make_head("a"), [make_event("a", 1, body=body)], expected_version=0, personal={1: ["/fields/name"]}
            )
        with pytest.raises(Stop), journal.transaction() as transaction:
            transaction.erase_personal("a", 1, "/fields/name", at=NOW, ground="-")
            raise Stop
        assert plain(journal.events("a")[0].body) == body

    def test_a_refused_write_keeps_no_personal_value(self, journal: Journal) -> None:
        write(journal, "a", make_event("a", 1), expected=0)
        with pytest.raises(Conflict), journal.transaction() as transaction:
            event = make_event("a", 1, body={"fields": {"name": "张三"}})
            transaction.append(make_head("a"), [event], expected_version=0, personal={1: ["/fields/name"]})
        assert journal.personal("a") == ()

    def test_a_value_erased_before_is_repeated_as_erased(self, journal: Journal) -> None:
        replaced = {"fields": {"name": {"$erased": NOW.isoformat()}, "tel": "138"}}
        body = {"reason": "-", "replacement": {"body": replaced}}
        fields = ["/replacement/body/fields/name", "/replacement/body/fields/tel"]
        with journal.transaction() as transaction:
            transaction.append(
                make_head("a"),
                [make_event("a", 1, type=EventType.CORRECTED, body=body)],
                expected_version=0,
                personal={1: fields},
            )
        assert plain(journal.events("a")[0].body) == body
        assert [datum.field for datum in journal.personal("a")] == fields[1:]
        assert list(journal.verify()) == []
