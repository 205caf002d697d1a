# ruff: noqa: S101, D102, PT012 - a suite of tests that ships with the package
"""Contract of the feed and the outbox of a journal."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from zhengxie_flow.errors import NotFound, UsageError
from zhengxie_flow.model.feed import FeedEntry
from zhengxie_flow.model.topic import DEADLINE_CHANGED, EVENT_RECORDED
from zhengxie_flow.ports import NewMessage
from zhengxie_flow.testing.builders import DAY, NOW, make_deadline, make_event, make_head, make_projection, write

if TYPE_CHECKING:
    from zhengxie_flow.ports import Journal

HOUR = timedelta(hours=1)


def _message(case: str, sequence: int, topic: str = EVENT_RECORDED) -> NewMessage:
    return NewMessage(case=case, sequence=sequence, topic=topic, payload={"case": case, "event": sequence})


def _filled(journal: Journal, number: int) -> None:
    """A case with an event and a message for each of so many."""
    with journal.transaction() as transaction:
        events = [make_event("a", place) for place in range(1, number + 1)]
        transaction.append(make_head("a"), events, expected_version=0)
        transaction.put([_message("a", event.sequence) for event in events])


class FollowingContract:
    """Tests of what follows a journal; part of `storage_contract.JournalContract`."""

    # -- the feed --

    def test_the_feed_gives_what_was_committed_in_order(self, journal: Journal) -> None:
        assert journal.feed().entries == ()
        write(journal, "b", make_event("b", 1), make_event("b", 2), expected=0)
        with journal.transaction() as transaction:
            transaction.append(make_head("a"), [make_event("a", 1)], expected_version=0)
            transaction.append(make_head("b"), [make_event("b", 3)], expected_version=2)
        page = journal.feed()
        assert [(event.case, event.sequence) for _, event in page.entries] == [("b", 1), ("b", 2), ("a", 1), ("b", 3)]
        positions = [position for position, _ in page.entries]
        assert positions == sorted(set(positions))
        assert (page.next, page.more) == (positions[-1], False)
        assert [entry.event for entry in page.entries if entry.event.case == "b"] == list(journal.events("b"))

    def test_the_feed_goes_on_where_a_page_ended(self, journal: Journal) -> None:
        write(journal, "a", *(make_event("a", number) for number in range(1, 8)), expected=0)
        write(journal, "b", make_event("b", 1), expected=0)
        whole = journal.feed().entries
        for limit in (1, 2, 3, 7, 8, 9):
            read: list[FeedEntry] = []
            reached, more = 0, True
            while more:
                page = journal.feed(reached, limit)
                assert len(page.entries) <= limit
                reached, more = page.next, page.more
                read += page.entries
            assert tuple(read) == whole
        assert journal.feed(whole[-1].position).entries == ()
        assert journal.feed(whole[-1].position).next == whole[-1].position

    def test_the_feed_begins_inside_what_one_write_appended(self, journal: Journal) -> None:
        write(journal, "a", *(make_event("a", number) for number in range(1, 6)), expected=0)
        whole = journal.feed().entries
        for place, entry in enumerate(whole):
            assert journal.feed(entry.position).entries == whole[place + 1 :]

    def test_positions_never_change(self, journal: Journal) -> None:
        write(journal, "a", make_event("a", 1), expected=0)
        first = journal.feed().entries
        write(journal, "b", make_event("b", 1), expected=0)
        write(journal, "a", make_event("a", 2), expected=1)
        assert journal.feed().entries[:1] == first
        assert [(event.case, event.sequence) for _, event in journal.feed(first[0].position).entries] == [
            ("b", 1),
            ("a", 2),
        ]

    def test_a_write_undone_leaves_nothing_in_the_feed_and_bars_nobody(self, journal: Journal) -> None:
        class Stop(Exception):
            pass

        with pytest.raises(Stop), journal.transaction() as transaction:
            transaction.append(make_head("a"), [make_event("a", 1)], expected_version=0)
            raise Stop
        write(journal, "b", make_event("b", 1), expected=0)
        assert [event.case for _, event in journal.feed().entries] == ["b"]

    def test_a_position_that_was_never_reached_is_refused(self, journal: Journal) -> None:
        write(journal, "a", make_event("a", 1), expected=0)
        reached = journal.feed().next
        with pytest.raises(NotFound) as caught:
            journal.feed(reached + 1)
        assert (caught.value.code, caught.value.params["newest"]) == ("ZX5072", reached)

    def test_the_feed_gives_personal_values_back(self, journal: Journal) -> None:
        with journal.transaction() as transaction:
            event = make_event("a", 1, body={"fields": {"name": "Li"}})
            transaction.append(make_head("a"), [event], expected_version=0, personal={1: ["/fields/name"]})
        (entry,) = journal.feed().entries
        assert entry.event == journal.events("a")[0]

    def test_many_writers_and_readers_miss_nothing(self, journal: Journal) -> None:
        writers, steps = 3, 6
        seen: list[list[tuple[int, str, int]]] = [[], []]
        done = threading.Event()

        def work(writer: int) -> None:
            for step in range(steps):
                write(journal, f"c{writer}", make_event(f"c{writer}", step + 1), expected=step)

        def follow(place: int) -> None:
            reached, last = 0, False
            while True:
                page = journal.feed(reached, 4)
                seen[place] += [(position, event.case, event.sequence) for position, event in page.entries]
                reached = page.next
                if last and not page.entries:
                    return
                last = done.is_set()

        threads = [threading.Thread(target=work, args=(writer,)) for writer in range(writers)]
        readers = [threading.Thread(target=follow, args=(place,)) for place in range(len(seen))]
        for thread in (*threads, *readers):
            thread.start()
        for thread in threads:
            thread.join()
        done.set()
        for thread in readers:
            thread.join()
        whole = [(position, event.case, event.sequence) for position, event in journal.feed().entries]
        assert seen == [whole, whole]
        assert sorted(place[1:] for place in whole) == [
            (f"c{writer}", step + 1) for writer in range(writers) for step in range(steps)
        ]

    # -- what a write says of itself --

    def test_a_write_remembers_what_it_appended(self, journal: Journal) -> None:
        with journal.transaction() as transaction:
            assert (transaction.appended, transaction.main) == ([], None)
            first = transaction.append(make_head("a"), [make_event("a", 1)], expected_version=0)
            second = transaction.append(make_head("b"), [make_event("b", 1), make_event("b", 2)], expected_version=0)
            assert transaction.appended == [*first, *second]
            with transaction.guarded():
                pass

    def test_a_write_sees_the_deadlines_it_replaces(self, journal: Journal) -> None:
        rows = (make_deadline("a", "x", DAY), make_deadline("a", "y", None))
        with journal.transaction() as transaction:
            assert transaction.deadlines("a") == ()
            transaction.project(make_projection("a", rows))
            assert transaction.deadlines("a") == rows
        with journal.transaction() as transaction:
            assert transaction.deadlines("a") == rows

    # -- the outbox --

    def test_messages_are_stored_with_the_write_or_not_at_all(self, journal: Journal) -> None:
        class Stop(Exception):
            pass

        with pytest.raises(Stop), journal.transaction() as transaction:
            transaction.append(make_head("a"), [make_event("a", 1)], expected_version=0)
            transaction.put([_message("a", 1)])
            raise Stop
        assert (journal.outbox.messages(delivered=None), journal.events("a")) == ((), ())
        _filled(journal, 2)
        with journal.transaction() as transaction:
            transaction.put([_message("a", 2, DEADLINE_CHANGED)])
        kept = journal.outbox.messages()
        assert [(message.case, message.sequence, message.topic) for message in kept] == [
            ("a", 1, EVENT_RECORDED),
            ("a", 2, EVENT_RECORDED),
            ("a", 2, DEADLINE_CHANGED),
        ]
        assert kept[0].payload == {"case": "a", "event": 1}
        assert journal.outbox.messages(after=kept[0].id, limit=1) == kept[1:2]
        assert list(journal.verify()) == []

    def test_a_message_is_claimed_by_a_single_worker_and_delivered_once_marked(self, journal: Journal) -> None:
        _filled(journal, 3)
        outbox = journal.outbox
        first = outbox.claim("w1", now=NOW, until=NOW + HOUR, limit=2)
        second = outbox.claim("w2", now=NOW, until=NOW + HOUR)
        assert [len(first), len(second)] == [2, 1]
        assert not {message.id for message in first} & {message.id for message in second}
        assert {(message.claimed_by, message.attempts) for message in first} == {("w1", 1)}
        assert not outbox.mark_delivered(first[0].id, "w2", at=NOW)  # it is another's
        assert outbox.mark_delivered(first[0].id, "w1", at=NOW)
        assert not outbox.mark_delivered(first[0].id, "w1", at=NOW)
        assert [message.id for message in outbox.messages(delivered=True)] == [first[0].id]
        assert outbox.messages(delivered=True)[0].delivered == NOW

    def test_an_instant_without_an_offset_is_refused(self, journal: Journal) -> None:
        """Nobody knows when it is: the machine of each worker would say another."""
        outbox, naive = journal.outbox, NOW.replace(tzinfo=None)
        for call in (
            lambda: outbox.claim("w", now=naive, until=NOW),
            lambda: outbox.claim("w", now=NOW, until=naive),
            lambda: outbox.mark_delivered(1, "w", at=naive),
            lambda: outbox.mark_failed(1, "w", reason="no answer", again=naive),
        ):
            with pytest.raises(UsageError) as caught:
                call()
            assert caught.value.code == "ZX2001"

    def test_a_claim_that_ran_out_is_claimed_again_under_the_same_id(self, journal: Journal) -> None:
        _filled(journal, 1)
        (lost,) = journal.outbox.claim("w1", now=NOW, until=NOW + HOUR)
        assert journal.outbox.claim("w2", now=NOW + HOUR / 2, until=NOW + 2 * HOUR) == ()
        (again,) = journal.outbox.claim("w2", now=NOW + HOUR, until=NOW + 2 * HOUR)
        assert (again.id, again.attempts, again.claimed_by) == (lost.id, 2, "w2")
        assert not journal.outbox.mark_delivered(lost.id, "w1", at=NOW + HOUR)
        assert journal.outbox.mark_delivered(lost.id, "w2", at=NOW + HOUR)

    def test_a_delivery_that_failed_waits_for_its_time(self, journal: Journal) -> None:
        _filled(journal, 1)
        (claimed,) = journal.outbox.claim("w", now=NOW, until=NOW + HOUR)
        assert journal.outbox.mark_failed(claimed.id, "w", reason="no answer", again=NOW + HOUR)
        (waiting,) = journal.outbox.messages()
        assert (waiting.failure, waiting.due, waiting.claimed_by) == ("no answer", NOW + HOUR, None)
        assert journal.outbox.claim("w", now=NOW, until=NOW + HOUR) == ()
        assert [message.id for message in journal.outbox.claim("w", now=NOW + HOUR, until=NOW + 2 * HOUR)] == [
            claimed.id
        ]

    def test_of_many_workers_only_a_single_one_gets_each_message(self, journal: Journal) -> None:
        _filled(journal, 20)
        claimed: list[int] = []

        def work(worker: str) -> None:
            while messages := journal.outbox.claim(worker, now=NOW, until=NOW + HOUR, limit=3):
                claimed.extend(message.id for message in messages)

        threads = [threading.Thread(target=work, args=(f"w{number}",)) for number in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(claimed) == [message.id for message in journal.outbox.messages()]
