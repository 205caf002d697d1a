"""The order of locks is one order: no two writes can ask for the same locks the other way round."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, strategies as st

from zhengxie_flow.services.locking import ancestors, lock_order

NAMES = "abcdefgh"
LINKS = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=14)
"""Links from one case to another; the order of `forest` keeps them free of circles."""


def forest(links, order):
    """Parents by case, each later in a shuffled order than what lies under it."""
    parents = {name: [] for name in NAMES}
    for below, above in links:
        if below < above:
            parents[order[below]].append(order[above])
    return parents


@given(
    links=LINKS,
    order=st.permutations(NAMES),
    one=st.sets(st.sampled_from(NAMES)),
    other=st.sets(st.sampled_from(NAMES)),
)
def test_any_two_writes_lock_what_both_need_in_the_same_order(links, order, one, other):
    parents = forest(links, order)
    first, second = (lock_order(wanted, parents.__getitem__) for wanted in (one, other))
    assert set(first) == one
    assert [case for case in first if case in other] == [case for case in second if case in one]


@given(links=LINKS, order=st.permutations(NAMES))
def test_a_case_is_locked_before_everything_above_it(links, order):
    parents = forest(links, order)
    places = {case: place for place, case in enumerate(lock_order(NAMES, parents.__getitem__))}
    for case in NAMES:
        assert all(places[case] < places[above] for above in ancestors(case, parents.__getitem__))


@given(links=st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=14))
def test_links_that_go_round_in_a_circle_end_too(links):
    parents = {name: [above for below, above in links if below == name] for name in NAMES}
    assert sorted(lock_order(NAMES, parents.__getitem__)) == list(NAMES)
    assert len(ancestors("a", parents.__getitem__)) <= len(NAMES)


def test_a_chain_of_many_cases_is_no_deep_recursion():
    names = [f"{number:05}" for number in range(20_000)]
    above = {below: [name] for below, name in pairwise(names)}
    assert lock_order([names[-1], names[0]], lambda case: above.get(case, ())) == (names[0], names[-1])


def test_one_case_alone_asks_for_no_parents():
    assert lock_order(["a", "a"], lambda _: 1 / 0) == ("a",)
