"""Names, days and amounts of one line of an audit, by the labels of the edition that judges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from string import Formatter
from typing import TYPE_CHECKING, assert_never

from zhengxie_flow.i18n import label
from zhengxie_flow.i18n.catalogue import texts
from zhengxie_flow.model import limit as m
from zhengxie_flow.presentation.amounts import amount_text, day_text
from zhengxie_flow.presentation.phrases import Words
from zhengxie_flow.rules.readback import Name

if TYPE_CHECKING:
    from zhengxie_flow.engine import CompiledProcess
    from zhengxie_flow.model.parameter import Parameter
    from zhengxie_flow.model.process import Obligation, Process
    from zhengxie_flow.model.verdict import Judgement
    from zhengxie_flow.presentation.labels import Labels
    from zhengxie_flow.rules import Ruleset

_FAMILIES = ("fact", "action", "item", "state", "duty", "subcase", "role")


@dataclass(frozen=True, slots=True)
class NamedParameter:
    """A parameter of the rules, as a vocabulary holds it."""

    parameter: Parameter


@dataclass(frozen=True, slots=True)
class ProcessVocabulary:
    """The vocabulary of one process: its own names, its decisions and parameters."""

    processes: Sequence[Process]
    rulesets: Mapping[str, Ruleset]
    parameters: Mapping[str, NamedParameter]


@dataclass(frozen=True, slots=True)
class LineLabels:
    """The names, days and amounts of a line in words; a name without a label is shown as it is."""

    line: Judgement
    labels: Labels
    compiled: CompiledProcess
    words: Words = field(repr=False)

    @classmethod
    def of(cls, line: Judgement, labels: Labels) -> LineLabels:
        """Return the labels of a line, by the edition that judges it."""
        compiled = labels.governing(line.edition)
        parameters = {name: NamedParameter(entry) for name, entry in compiled.definition.parameters.items()}
        vocabulary = ProcessVocabulary((compiled.process,), compiled.rulesets, parameters)
        return cls(line, labels, compiled, Words(vocabulary, labels.lang))

    @property
    def lang(self) -> str:
        """The language asked for."""
        return self.labels.lang

    @property
    def duty(self) -> Obligation | None:
        """The obligation that the line is about; None for a requirement, an exemption or a finding."""
        return self.compiled.process.obligations.get(self.line.obligation)

    @property
    def is_requirement(self) -> bool:
        """True for a line about a requirement."""
        return self.line.obligation in self.compiled.requirements

    def say(self, key: str, **values: object) -> str:
        """Return a message, with the acts, days and amounts of the line filled in.

        Only the first day has its year, and any of another year.
        """
        days: dict[str, date | None] = {"due": self.line.day, "as_of": self.line.as_of}
        days["done"] = None if self.line.actual is None else self.line.actual.date
        days |= {name: value for name, value in values.items() if isinstance(value, date)}
        amounts = {
            "late": amount_text(self.line.late_by, self.lang),
            "early": amount_text(self.line.early_by, self.lang),
        }
        filled: dict[str, object] = {"act": self.act(), "duty": self.duty_label(), **amounts, **values}
        return label(key, self.lang, **(filled | self._days(key, days)))

    def _days(self, key: str, days: Mapping[str, date | None]) -> dict[str, str]:
        """The days of a message as text, in the order in which it names them."""
        shown = {name: day_text(day, self.lang) for name, day in days.items()}
        year: int | None = None
        for _, name, _, _ in Formatter().parse(texts()[key].say(self.lang).replace("[[", "").replace("]]", "")):
            day = days.get(name or "")
            if name is not None and day is not None:
                shown[name], year = day_text(day, self.lang, year), year or day.year
        return shown

    def day(self, day: date | None) -> str:
        """Return a day in words."""
        return day_text(day, self.lang)

    def instant(self, at: datetime) -> str:
        """Return an instant as text, in the zone of the process."""
        return at.astimezone(self.compiled.zone).isoformat(" ")

    @property
    def judged_as_a_whole(self) -> bool:
        """True for a duty of which a person says whether it was fulfilled; the act is no more than its occasion."""
        duty = self.duty
        if duty is None:
            return False
        limit = duty.limit
        return duty.judged_by is not None or (
            limit is not None and limit.every is not None and limit.judged_by is not None
        )

    def act(self) -> str:
        """Return the label of the act that was done, else of those that would perform the duty."""
        line = self.line
        if self.judged_as_a_whole:
            return self.duty_label()
        if line.actual is not None and line.actual.action is not None:
            return self.any(line.actual.action)
        if self.duty is not None:
            return label("sentence.or", self.lang).join(dict.fromkeys(map(self._performer, self.duty.do)))
        return self.duty_label()

    def _performer(self, name: str) -> str:
        """Return the label of an act that performs the duty, or of the subcase in which it is performed."""
        text = self.any(name)
        is_subcase = name.partition(".")[0] in self.compiled.process.subcases
        return label("sentence.subcase", self.lang, subject=text) if is_subcase else text

    def duty_label(self) -> str:
        """Return the label of the duty, requirement, exemption or finding."""
        return self.labels.of(self.line.obligation, self.line.edition) or self.any(self.line.obligation)

    def any(self, name: str) -> str:
        """Return the label of a name of any family; the name itself where there is none."""
        if (own := self.labels.of(name, self.line.edition)) or f"duty.{name}" in texts():
            return own
        names = (*(Name(family, name) for family in _FAMILIES), Name("parameter", name), Name("decision", name))
        shown = next((text for entry in names if (text := self.words.name(entry)) != name), name)
        action, dot, part = name.rpartition(".")
        return self.of_action(action, part) if shown == name and dot and action in self.compiled.process.acts else shown

    def of_action(self, action: str, part: str) -> str:
        """Return the label of a field of an action, in brackets after that of the action."""
        return label("sentence.named", self.lang, text=self.words.fact(part), subject=self.any(action))

    def quoted(self, name: str) -> str:
        """Return the label of a name in quotation marks."""
        return label("sentence.quoted", self.lang, text=self.any(name))

    def listed(self, entries: Iterable[str]) -> str:
        """Return several texts as a list."""
        return label("sentence.list", self.lang).join(entries)

    def alternatives(self, entries: Iterable[str]) -> str:
        """Return several texts of which one is meant."""
        return label("sentence.or", self.lang).join(entries)

    def roles(self, roles: Iterable[str]) -> str:
        """Return the labels of roles, of which one is enough."""
        return self.alternatives(map(self.words.role, roles))

    def details(self) -> str:
        """Return the details of the line in words."""
        return self.listed(
            label(f"detail.{entry}", self.lang) for entry in self.line.detail if f"detail.{entry}" in texts()
        )

    def is_state(self, name: str) -> bool:
        """Return whether a name is that of a state of the case."""
        return name in self.compiled.process.states

    def state(self, name: str) -> str:
        """Return the label of a state, of the case or of its items."""
        return self.labels.state(name)

    def closers(self) -> str:
        """Return the acts after which the duty can no longer be performed."""
        closers = dict.fromkeys(closer.action for closer in self.compiled.closers.get(self.line.obligation, ()))
        return label("sentence.or", self.lang).join(map(self.any, closers))

    def timeliness(self) -> str:
        """Return the fact by which it was determined whether the duty was performed in good time."""
        duty = self.duty
        by_limit = None if duty is None or duty.limit is None else duty.limit.judged_by
        name = by_limit if duty is None else duty.judged_by or by_limit
        return "" if name is None else self.quoted(name)

    def granted_before(self) -> str:
        """Return the act before which a power to exempt has to be exercised."""
        exemption = self.compiled.process.exemptions.get(self.line.obligation)
        return "" if exemption is None or exemption.before is None else self.any(exemption.before)

    def anchor(self) -> str:
        """Return the event that the limit of the duty hangs on."""
        limit = None if self.duty is None else self.duty.limit
        anchors = [part.anchor for component in limit.components for part in component.candidates] if limit else []
        shown = dict.fromkeys(self.anchor_text(anchor) for anchor in anchors if anchor is not None)
        return label("sentence.or", self.lang).join(shown) or self.duty_label()

    def anchor_text(self, anchor: m.Anchor) -> str:
        """Return an anchor in words."""
        match anchor:
            case m.NamedAnchor():
                return self.any(anchor.name)
            case m.ActAnchor():
                return label("sentence.or", self.lang).join(map(self.any, anchor.done))
            case m.DueAnchor():
                return label("sentence.due_of", self.lang, duty=self.any(anchor.due))
            case m.PeriodEnd():
                return label(f"sentence.end_of.{anchor.end_of}", self.lang)
            case m.FirstOf():
                return self._joint("first", anchor)
            case m.LastOf():
                return self._joint("last", anchor)
            case _:
                assert_never(anchor)

    def _joint(self, key: str, anchor: m.Anchor) -> str:
        joined = label("sentence.and", self.lang).join(self.anchor_text(part) for _, part in anchor.parts())
        return label(f"sentence.anchor.{key}", self.lang, anchors=joined)
