"""Changes set into values: merged by key, replaced, taken away, found by path."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from zhengxie_flow.model.patch import Astray, Patch, apply_change, bundle_of, change_from_settings, tree_of
from zhengxie_flow.reading.edition_files import Nodes
from zhengxie_flow.reading.sources import plain
from zhengxie_flow.reading.writer import dump_yaml
from zhengxie_flow.reading.yaml_reader import read_yaml

BASE = {
    "obligations": {
        "a7.4.report": {"do": "report", "limit": {"within": 5, "after": "finish"}, "when": {"all": ["a", "b"]}},
        "a7.4": {"do": "finish"},
    },
    "actions": {"hold": {"requires": [{"id": "a2.joint", "force": "must"}, {"obligation": "a7.4"}, {"id": "x"}]}},
}


def test_what_is_not_named_stays():
    assert apply_change(BASE, {}) == (BASE, ())
    changed, astray = apply_change(BASE, {"obligations": {"a7.4.report": {"limit": {"within": 3}}}})
    assert changed["obligations"]["a7.4.report"]["limit"] == {"within": 3, "after": "finish"}
    assert changed["actions"] == BASE["actions"]
    assert not astray
    assert BASE["obligations"]["a7.4.report"]["limit"]["within"] == 5


def test_null_takes_an_entry_away_and_must_find_it():
    changed, astray = apply_change(BASE, {"obligations": {"a7.4": None, "a7.5": None}})
    assert list(changed["obligations"]) == ["a7.4.report"]
    assert astray == (Astray(("obligations", "a7.5"), "a7.5", ("a7.4.report",)),)


def test_a_condition_is_replaced_as_a_whole():
    changed, _ = apply_change(BASE, {"obligations": {"a7.4.report": {"when": {"any": ["a", "b"]}}}})
    assert changed["obligations"]["a7.4.report"]["when"] == {"any": ["a", "b"]}


def test_members_of_a_list_are_changed_by_their_ids():
    change = {"actions": {"hold": {"requires": {"a2.joint": {"force": "should"}, "a7.4": None, "y": {}}}}}
    changed, astray = apply_change(BASE, change)
    assert changed["actions"]["hold"]["requires"] == [{"id": "a2.joint", "force": "should"}, {"id": "x"}]
    assert [each.name for each in astray] == ["y"]


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("obligations.a7.4.report.limit.after", {"obligations": {"a7.4.report": {"limit": {"after": 1}}}}),
        ("obligations.a7.4.do", {"obligations": {"a7.4": {"do": 1}}}),
        ("obligations.a7.4.report.limit.count", {"obligations": {"a7.4.report": {"limit": {"count": 1}}}}),
        ("actions.hold.requires.a2.joint.force", {"actions": {"hold": {"requires": {"a2.joint": {"force": 1}}}}}),
        ("obligations.a7.4.report.when", {"obligations": {"a7.4.report": {"when": 1}}}),
    ],
)
def test_a_path_takes_the_longest_name_there_is(path, change):
    assert change_from_settings(BASE, {path: 1}) == (change, ())


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("a7.4.report.limit", "a7.4.report.limit"),
        ("obligations.a7.5.do", "a7.5.do"),
        ("obligations.a7.4.report.limit.of.what", "of.what"),
        ("obligations.a7.4.report.when.all", "when.all"),
        ("obligation", "obligation"),
    ],
)
def test_a_path_that_leads_nowhere_is_told(path, name):
    change, (astray,) = change_from_settings(BASE, {path: 1})
    assert change == {}
    assert (astray.path, astray.name) == ((path,), name)


def test_several_paths_make_one_change():
    change, _ = change_from_settings(BASE, {"obligations.a7.4.do": 1, "obligations.a7.4.report.do": None})
    assert change == {"obligations": {"a7.4": {"do": 1}, "a7.4.report": {"do": None}}}


def test_a_bundle_comes_back_from_its_tree():
    bundle = {
        "format": 1, "id": "x/y", "start": "s", "register": None,
        "process": {"process": "y", "states": {"s": {}}, "law": "l"},
        "law": {"law": "l", "clauses": {"1": {}}},
        "decisions": [{"decision": "d", "default": "no"}],
        "parameters": {"p": {"default": {"within": 5}}},
    }  # fmt: skip
    assert bundle_of(tree_of(bundle), bundle) == bundle


WORDS = st.sampled_from(["a", "b", "when", "c.d"])
LEAVES = st.one_of(st.integers(0, 3), st.text("xyz", min_size=1, max_size=3), st.booleans())
ENTRIES = st.lists(st.fixed_dictionaries({"id": st.sampled_from(["p", "q"]), "v": LEAVES}), max_size=2)
TREES = st.recursive(
    LEAVES | ENTRIES, lambda inner: st.dictionaries(WORDS, inner, max_size=3), max_leaves=8
)  # fmt: skip
CHANGES = st.recursive(
    LEAVES | st.none(), lambda inner: st.dictionaries(st.sampled_from(["a", "b", "when", "p"]), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(base=st.dictionaries(WORDS, TREES, max_size=3), change=st.dictionaries(WORDS, CHANGES, max_size=3))
def test_values_with_positions_merge_as_plain_values_do(base, change):
    nodes = [read_yaml(dump_yaml({"top": tree}), "f.yaml").fields["top"] for tree in (base, change)]
    astray: list[Astray] = []
    node = Patch(Nodes(), astray).merged(*nodes)
    assert (plain(node.value), tuple(astray)) == apply_change(base, change)
    assert node.kind != "map" or set(node.keys) == set(node.fields) == set(node.value)
