"""Whatever is changed of what a checkpoint has seen, `verify` names it: the case, or the checkpoint itself."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from hypothesis import given, settings, strategies as st
from tests.support import tries

from zhengxie_flow.errors import UsageError
from zhengxie_flow.ports import Checkpoint
from zhengxie_flow.storage import chain
from zhengxie_flow.storage.checkpoint_columns import checkpoint_row
from zhengxie_flow.storage.checkpoints import CheckpointLog, expected_root
from zhengxie_flow.testing.builders import NOW, make_event, make_head, write
from zhengxie_flow.testing.memory import MemoryJournal

CASES = ("a", "b", "c", "丁")


def old_checkpoint(journal, at):
    """A checkpoint as versions before 0.7 took it: of all heads, under a hash that names the one before."""
    shelf = journal._shelf
    heads = tuple((head.case, head.version, head.hash) for head in journal.heads())
    previous = shelf.checkpoints[-1].root if shelf.checkpoints else ""
    events = sum(version for _, version, _ in heads)
    bare = Checkpoint(
        taken=at.isoformat(), cases=len(heads), events=events, heads=heads, previous_root=previous, root="sha256:"
    )
    if not shelf.checkpoints or shelf.checkpoints[-1].heads != heads:
        shelf.checkpoints = (*shelf.checkpoints, replace(bare, root=expected_root(bare)))


@dataclass
class World:
    """A journal with a history, and how far its checkpoints have seen each case."""

    journal: MemoryJournal
    seen: dict[str, int]


@st.composite
def worlds(draw, hashes=("sha256",)):
    """Writes and checkpoints in any order; the first few checkpoints may be of an older version."""
    journal, seen = MemoryJournal(hash_name=draw(st.sampled_from(hashes))), {}
    old = draw(st.booleans())
    for number, step in enumerate(
        draw(st.lists(st.sampled_from((*CASES, "check", "upgrade")), min_size=2, max_size=25))
    ):
        if step == "upgrade":
            old = False
        elif step == "check":
            at = NOW + timedelta(days=number)
            old_checkpoint(journal, at) if old else journal.checkpoint(at)
            seen = {head.case: head.version for head in journal.heads()}
        else:
            head = journal.head(step)
            version = head.version if head else 0
            write(journal, step, make_event(step, version + 1, actor=f"n{number}"), expected=version)
    return World(journal, seen)


def findings(journal, root=None):
    return list(journal.verify(root))


@given(worlds())
def test_an_honest_history_has_no_findings(world):
    journal = world.journal
    assert findings(journal) == []
    for kept in journal._shelf.checkpoints:
        assert findings(journal, kept.root) == []
        if kept.note is not None:
            assert findings(journal, kept.note) == findings(journal, f"{kept.note}\n— who AAAAAA==\n") == []
    newest = journal._shelf.checkpoints[-1:]
    again = journal.checkpoint(NOW + timedelta(days=99))
    assert (again,) == newest or again.heads or not newest
    assert journal.checkpoint(NOW + timedelta(days=100)) == again


def forge(journal, case, kept, *, rewritten):
    """A case cut back to its first events, and perhaps written anew, in a chain and with a head that fit."""
    shelf = journal._shelf
    events = [replace(event, actor="forged" if rewritten else event.actor) for event in journal.events(case)[:kept]]
    if not events:
        del shelf.events[case], shelf.heads[case]
        return
    shelf.events[case] = chain.link(events, "", "sha256")
    shelf.heads[case] = replace(make_head(case), version=kept, hash=shelf.events[case][-1].hash)


@given(worlds(), st.data())
def test_a_case_changed_cut_back_or_taken_away_is_named(world, data):
    journal, cases = world.journal, sorted(world.journal._shelf.heads)
    if not cases:
        return
    case = data.draw(st.sampled_from(cases))
    version = journal.head(case).version
    rewritten = data.draw(st.booleans())
    kept = data.draw(st.integers(0, version if rewritten else version - 1))
    forge(journal, case, kept, rewritten=rewritten)
    seen = world.seen.get(case, 0)
    convicted = seen > 0 if rewritten else kept < seen
    assert {finding.case for finding in findings(journal)} == ({case} if convicted else set())
    if convicted:  # and a checkpoint taken afterwards does not excuse it
        journal.checkpoint(NOW + timedelta(days=99))
        assert {finding.case for finding in findings(journal)} == {case}


@given(worlds(), st.data())
def test_a_head_alone_added_or_changed_is_named(world, data):
    journal = world.journal
    case = data.draw(st.sampled_from(CASES))
    head = journal.head(case) or make_head(case, version=1)
    journal._shelf.heads[case] = replace(head, hash="sha256:" + "0" * 64)
    assert {finding.case for finding in findings(journal)} == {case}


OTHER = {
    "taken": "2020-01-01T00:00:00+00:00", "cases": 99, "events": 99, "root": "sha256:" + "0" * 64, "previous_root": "sha256:1",
    "heads_root": "sha256:" + "0" * 64, "note": "zhengxie-flow/0\n1\nAAAA\n", "signature": "— who AAAAAA==", "heads": (),
}  # fmt: skip


@settings(max_examples=tries(200))
@given(worlds(), st.sampled_from(sorted(OTHER)), st.data())
def test_a_checkpoint_changed_is_named_and_accuses_no_case(world, name, data):
    journal, shelf = world.journal, world.journal._shelf
    if not shelf.checkpoints:
        return
    place = data.draw(st.integers(0, len(shelf.checkpoints) - 1))
    kept = shelf.checkpoints[place]
    changed = replace(
        kept, **{name: data.draw(st.sampled_from((OTHER[name], None))) if name == "note" else OTHER[name]}
    )
    if changed == kept:
        return
    shelf.checkpoints = (*shelf.checkpoints[:place], changed, *shelf.checkpoints[place + 1 :])
    assert {(finding.case, finding.kind) for finding in findings(journal)} == {("", "checkpoint")}


@given(worlds(), st.data())
def test_a_mark_in_a_checkpoint_changed_puts_no_other_checkpoint_in_doubt(world, data):
    journal, shelf = world.journal, world.journal._shelf
    places = [number for number, kept in enumerate(shelf.checkpoints) if kept.heads]
    if not places:
        return
    place = data.draw(st.sampled_from(places))
    kept = shelf.checkpoints[place]
    (case, version, digest), *rest = kept.heads
    mark = data.draw(
        st.sampled_from([("z", version, digest), (case, version + 1, digest), (case, version, "sha256:0")])
    )
    shelf.checkpoints = (
        *shelf.checkpoints[:place],
        replace(kept, heads=(mark, *rest)),
        *shelf.checkpoints[place + 1 :],
    )
    (finding,) = findings(journal)
    assert (finding.case, finding.kind) == ("", "checkpoint")
    assert kept.root in finding.expected
    victim = next((name for name, seen in world.seen.items() if seen and name != case), None)
    later = [mark for other in shelf.checkpoints[place + 1 :] for mark in other.heads if mark[0] == victim]
    if later:  # what is told of a case elsewhere still holds it
        forge(journal, victim, 0, rewritten=False)
        assert {"", victim} == {finding.case for finding in findings(journal)}


@given(worlds(), st.data())
def test_a_checkpoint_taken_away_is_missed_by_the_next_or_by_who_wrote_it_down(world, data):
    journal, shelf = world.journal, world.journal._shelf
    if not shelf.checkpoints:
        return
    place = data.draw(st.integers(0, len(shelf.checkpoints) - 1))
    gone, last = shelf.checkpoints[place], place == len(shelf.checkpoints) - 1
    shelf.checkpoints = (*shelf.checkpoints[:place], *shelf.checkpoints[place + 1 :])
    expected = set() if last else {("", "checkpoint")}
    assert {(finding.case, finding.kind) for finding in findings(journal)} == expected
    for asked in (gone.root, gone.note or gone.root):
        assert ("", "checkpoint") in {(finding.case, finding.kind) for finding in findings(journal, asked)}


@given(worlds(), st.permutations(range(3)))
def test_checkpoints_in_another_order_are_named(world, order):
    journal, shelf = world.journal, world.journal._shelf
    first = shelf.checkpoints[:3]
    if len(first) < 3 or order == [0, 1, 2]:
        return
    shelf.checkpoints = (*(first[place] for place in order), *shelf.checkpoints[3:])
    assert {(finding.case, finding.kind) for finding in findings(journal)} == {("", "checkpoint")}


def test_a_journal_that_passes_to_another_hash_begins_a_new_tree():
    journal = MemoryJournal()
    write(journal, "a", make_event("a", 1), expected=0)
    first = journal.checkpoint(NOW)
    try:
        journal._hash_name = "sm3"
        write(journal, "a", make_event("a", 2), expected=1)
        second = journal.checkpoint(NOW)
    except Exception as error:  # noqa: BLE001
        pytest.skip(f"this OpenSSL has no SM3: {error}")
    assert (first.note.split("\n")[1], second.note.split("\n")[1], second.root[:4]) == ("1", "1", "sm3:")
    assert findings(journal, first.root) == findings(journal, second.note) == []
    journal._shelf.checkpoints = (second,)
    assert [finding.kind for finding in findings(journal)] == ["checkpoint"]


@pytest.mark.parametrize("text", ["a\nb", "origin\n1\n", "origin\n-1\nAAAA", "o\n1\nAAAA\n\nno signature"])
def test_a_text_of_several_lines_that_is_no_note_is_refused(text):
    with pytest.raises(UsageError) as caught:
        findings(MemoryJournal(), text)
    assert caught.value.code == "ZX5040"


def test_a_daily_checkpoint_is_as_large_as_what_changed():
    heads = {
        name: make_head(name, version=3, hash="sha256:" + "a" * 64) for name in map("case-{:04}".format, range(1000))
    }
    log, sizes = CheckpointLog(), []
    for day in range(4):
        heads |= {name: replace(heads[name], version=4 + day) for name in list(heads)[:10]}
        kept = log.next(heads.values(), NOW + timedelta(days=day), "sha256")
        log.follow((kept,))
        sizes.append(sum(len(str(value)) for value in checkpoint_row(kept).values()))
        assert (kept.cases, kept.events) == (1000, sum(head.version for head in heads.values()))
    assert sizes[0] > 50_000
    assert max(sizes[1:]) < 2_000
