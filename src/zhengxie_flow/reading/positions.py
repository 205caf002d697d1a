"""From the path of a fault in the values back to the place in the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from zhengxie_flow.errors import Problem
from zhengxie_flow.reading.nodes import Node, Position

__all__ = ["Reached", "Step", "follow", "in_order", "locate"]

Step = str | int


@dataclass(frozen=True, slots=True)
class Reached:
    """Target of a path.

    Attributes:
        node: the value reached.
        key: position of its key; None in a list and at the top.
        around: the mapping or list that holds it.
        led: for each step of the path, true if it led to a value.
    """

    node: Node
    key: Position | None = None
    around: Reached | None = None
    led: tuple[bool, ...] = ()


def follow(node: Node, loc: Sequence[Step]) -> Reached:
    """Follow a path as deep as it leads, skipping steps that lead nowhere.

    Validation puts names of variants into its paths (``when.done.where.compare.test``), and a variant may
    be called like a key beside it, so a step that could be followed is skipped too where that makes more of
    the path resolve.  Three shapes that models rewrite are known: a lone value standing for a list of one,
    ``{name: test}``, whose path says ``test``, and a plain list standing for a mapping, whose path says the
    entry.
    """
    if (whole := _all_the_way(node, loc)) is not None:  # no other way leads through more steps than all
        return whole
    memo: dict[tuple[int, int], tuple[int, Reached]] = {}

    def best(at: Reached, index: int) -> tuple[int, Reached]:
        if index == len(loc):
            return 0, at
        if (cached := memo.get((id(at.node), index))) is not None:
            return cached
        choice = best(Reached(at.node, at.key, at.around, (*at.led, False)), index + 1)
        for child in _children(at, loc[index]):
            score, reached = best(child, index + 1)
            # On a tie the earlier step is taken for the name of a variant, unless that loses the last step.
            if score + 1 > choice[0] or (score + 1 == choice[0] and reached.led[-1] > choice[1].led[-1]):
                choice = score + 1, reached
        memo[id(at.node), index] = choice
        return choice

    return best(Reached(node), 0)[1]


def _all_the_way(node: Node, loc: Sequence[Step]) -> Reached | None:
    """Follow every step of a path; None where one leads nowhere."""
    at = Reached(node)
    for step in loc:
        child = next(_children(at, step), None)
        if child is None:
            return None
        at = child
    return at


def _children(at: Reached, step: Step) -> Iterator[Reached]:
    node, led = at.node, (*at.led, True)
    if (child := node.child(step)) is not None:
        yield Reached(child, node.keys[step] if isinstance(step, str) else None, at, led)
    elif step == "test" and node.kind == "map" and len(node.fields) == 1:
        ((name, child),) = node.fields.items()
        yield Reached(child, node.keys[name], at, led)
    elif node.kind == "list" and isinstance(step, str):
        for entry in node.items:
            if entry.value == step:
                yield Reached(entry, None, at, led)
                break


def locate(node: Node, loc: Sequence[Step], *, key: bool = False) -> Position:
    """Line and column of the value a path leads to; with ``key`` those of its key, where it has one."""
    reached = follow(node, loc)
    return reached.key if key and reached.key is not None else reached.node.position


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems by place in the file, without repetitions."""
    unique: dict[str, Problem] = {}
    for problem in problems:
        unique.setdefault(str(problem), problem)
    return tuple(
        sorted(unique.values(), key=lambda problem: (problem.where.line or 0, problem.where.column or 0, problem.code))
    )
