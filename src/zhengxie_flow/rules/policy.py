"""Hit policies: what follows from the rules that hold and those that may hold.

Rules are bits of an int.  One answer for each pair of sets is worked out and kept, so that asking again costs a
look-up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from zhengxie_flow.conditions.view import Resolved
from zhengxie_flow.model.comparing import canonical_text, spelled_apart
from zhengxie_flow.model.decision import Decision

KEPT = 4096
"""Answers kept for one decision."""


def bits(mask: int) -> Iterator[int]:
    """The places of the bits that are set, the lowest first."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def shown(value: Any) -> str:
    """An outcome in one line: its id, ``output=value`` for each output, several parted by semicolons."""
    match value:
        case dict():
            return ", ".join(f"{name}={shown(inner)}" for name, inner in value.items())
        case list() | tuple():
            return "; ".join(shown(inner) for inner in value)
        case bool():
            return "true" if value else "false"
    return str(value)


class Policy:
    """The hit policy of one decision over its rules."""

    def __init__(self, decision: Decision) -> None:
        self.decision = decision
        self.rules = decision.rules
        self.values = [decision.outcome(rule.then) for rule in self.rules]
        self.default = None if decision.default is None else decision.outcome(decision.default)
        self._texts = self._alike([shown(value) for value in self.values])
        self._over = _defeats(decision)
        self._groups, self._upto = self._ranked()
        self.cache: dict[tuple[int, int], Resolved] = {}

    def _alike(self, texts: list[str]) -> list[str]:
        """The outcomes in one line each, the same line for those that differ in their spelling alone (1.0 and 1.00)."""
        kinds = self.decision.outputs
        if not any(spelled_apart(kind.type) for kind in kinds.values()):
            return texts
        first: dict[tuple[str, ...], str] = {}
        keys = [tuple(canonical_text(value[name], kind.type) for name, kind in kinds.items()) for value in self.values]
        return [first.setdefault(key, text) for key, text in zip(keys, texts, strict=True)]

    def alike(self, rule: int, other: int) -> bool:
        """Return whether two rules give the same outcome."""
        return self._texts[rule] == self._texts[other]

    def _ranked(self) -> tuple[list[int], list[int]]:
        """The rules of each rank, the highest first; and with them all of higher rank."""
        ranks: dict[Any, int] = {}
        for index, rule in enumerate(self.rules):
            place: Any = (self.decision.layer_of(rule), rule.priority)
            if self.decision.policy == "priority":
                place = (place[0], _reversed(self._order(self.values[index])))
            ranks[place] = ranks.get(place, 0) | 1 << index
        groups = [ranks[place] for place in sorted(ranks, reverse=True)]
        upto, all_ = [], 0
        for group in groups:
            all_ |= group
            upto.append(all_)
        return groups, upto

    def _order(self, value: Any) -> tuple[int, ...]:
        """The place of an outcome in the order of the decision; 0 goes first."""
        if self.decision.outcomes:
            return (list(self.decision.outcomes).index(value),)
        return tuple(list(kind.of or ()).index(value[name]) for name, kind in self.decision.outputs.items())

    def settle(self, held: int, maybe: int) -> Resolved:
        """The answer when some rules hold and some more may; ``maybe`` includes ``held``."""
        key = (held, maybe)
        answer = self.cache.get(key)
        if answer is None:
            answer = self._several(held, maybe) if self.decision.several else self._single(held, maybe & ~held)
            if len(self.cache) >= KEPT:
                self.cache.clear()
            self.cache[key] = answer
        return answer

    def winners(self, held: int) -> tuple[int, int]:
        """The winning rules among those that hold, and the rules of the same or a higher rank that could beat them."""
        if self.decision.policy == "first" and not self.decision.layers:
            first = held & -held
            return first, (first - 1 if first else -1)
        for group, upto in zip(self._groups, self._upto, strict=True):
            if held & group:
                best = held & group
                if self.decision.policy == "first":
                    first = best & -best
                    return first, upto & ~group | group & (first - 1)
                return self._not_beaten(best, held), upto
        return 0, -1

    def _not_beaten(self, rules: int, beating: int) -> int:
        if not self._over:
            return rules
        return sum(1 << index for index in bits(rules) if not self._over.get(index, 0) & beating)

    def before(self, index: int) -> int:
        """The rules that go before a rule where both hold."""
        own_bit = 1 << index
        for group, upto in zip(self._groups, self._upto, strict=True):
            if group & own_bit:
                higher = upto & ~group
                if self.decision.policy == "first":
                    higher |= group & (own_bit - 1)
                return higher | self._over.get(index, 0)
        return 0

    def _single(self, held: int, open_: int) -> Resolved:
        winners, reach = self.winners(held)
        rivals = self._not_beaten(open_ & reach, held)
        outcomes = {self._texts[index]: index for index in bits(winners)}
        unique = self.decision.policy == "unique"
        sure = winners if not rivals else self._sure(winners, rivals)
        clash = sure.bit_count() > 1 if unique else len({self._texts[index] for index in bits(sure)}) > 1
        if clash:
            return Resolved("conflict", possible=tuple(sorted(outcomes)), fired=self._ids(winners))
        if not rivals:
            return self._decided(winners, held) if winners else self._otherwise()
        settled = set(outcomes) or ({shown(self.default)} if self.default is not None else set())
        possible = settled | {self._texts[index] for index in bits(rivals)}
        if len(possible) == 1 and settled and not unique:
            return self._decided(winners, held) if winners else self._otherwise()
        return Resolved("pending", possible=tuple(sorted(possible)))

    def _sure(self, winners: int, rivals: int) -> int:
        """The winners that no rule still open can beat."""
        return sum(1 << index for index in bits(winners) if not self.before(index) & rivals)

    def _decided(self, winners: int, held: int) -> Resolved:
        value = self.values[next(bits(winners))]
        return Resolved(
            "decided", shown(value), possible=(shown(value),), fired=self._ids(winners), value=value,
            must_record=tuple(dict.fromkeys(name for index in bits(winners) for name in self.rules[index].must_record)),
            overridden=self._ids(held & ~winners),
        )  # fmt: skip

    def _otherwise(self) -> Resolved:
        if self.default is None:
            return Resolved("no_rule")
        return Resolved("decided", shown(self.default), possible=(shown(self.default),), value=self.default)

    def _several(self, held: int, maybe: int) -> Resolved:
        hits = list(bits(held))
        if held != maybe:
            return Resolved("pending", possible=self._possible(held, maybe))
        if not hits and self.default is not None:
            return self._otherwise()
        value = self._gathered(hits)
        if value is None:
            return Resolved("no_rule")
        record = tuple(dict.fromkeys(name for index in hits for name in self.rules[index].must_record))
        text = shown(value)
        return Resolved("decided", text, possible=(text,), fired=self._ids(held), value=value, must_record=record)

    def _gathered(self, hits: list[int]) -> Any:
        """The collected answer of the rules that hold; None where a minimum or maximum of no values is no answer."""
        values = [self.values[index] for index in hits]
        aggregate = self.decision.aggregate or "list"
        if self.decision.policy == "output_order":
            return [self.values[index] for index in sorted(hits, key=lambda index: self._order(self.values[index]))]
        if self.decision.policy == "rule_order" or aggregate == "list":
            return values
        if aggregate == "count":
            return len(hits)
        (name,) = self.decision.outputs
        numbers = [Decimal(value[name]) for value in values]
        if not numbers and aggregate != "sum":
            return None
        total = sum(numbers, Decimal()) if aggregate == "sum" else min(numbers) if aggregate == "min" else max(numbers)
        return int(total) if self.decision.outputs[name].type == "int" else str(total)

    def _possible(self, held: int, maybe: int) -> tuple[str, ...]:
        if self.decision.aggregate == "count":
            return tuple(map(str, range(held.bit_count(), maybe.bit_count() + 1)))
        if self.decision.aggregate in {"sum", "min", "max"}:
            return ()
        return tuple(sorted({self._texts[index] for index in bits(maybe)}))

    def _ids(self, mask: int) -> tuple[str, ...]:
        return tuple(self.rules[index].id for index in bits(mask))


def _reversed(order: Iterable[int]) -> tuple[int, ...]:
    return tuple(-place for place in order)


def _defeats(decision: Decision) -> dict[int, int]:
    """For each rule, the rules of its rank that go before it by ``over``, directly or through others."""
    place = {rule.id: index for index, rule in enumerate(decision.rules)}
    direct: dict[int, list[int]] = {}
    for index, rule in enumerate(decision.rules):
        for other in rule.over:
            direct.setdefault(place[other], []).append(index)
    masks: dict[int, int] = {}

    def superiors(index: int) -> int:
        if index not in masks:
            masks[index] = 0
            for other in direct.get(index, ()):
                masks[index] |= 1 << other | superiors(other)
        return masks[index]

    for index in direct:
        superiors(index)
    return {index: mask for index, mask in masks.items() if mask}
