"""Checks of what is written against what it cites: numbers in labels and clauses, quotations, lists left open."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pydantic import BaseModel

from zhengxie_flow.i18n.ids import Quantity
from zhengxie_flow.model.base import Labelled
from zhengxie_flow.model.citation import Clause, ClauseRef
from zhengxie_flow.model.values import ValueType
from zhengxie_flow.reading.checks.amounts import LimitAmount, amounts, settings
from zhengxie_flow.reading.checks.catalogue import Defect, check, warning
from zhengxie_flow.reading.checks.durations import PLAIN, Duration, counts_working_days, durations
from zhengxie_flow.reading.checks.law_texts import LANGUAGES, Sources, clause_texts, sources_of, surrounding_texts
from zhengxie_flow.reading.checks.locations import Place
from zhengxie_flow.reading.checks.model_walk import ModelNode, model_nodes
from zhengxie_flow.reading.sources import Loaded


@dataclass(frozen=True, slots=True)
class _Wording:
    """The amounts that a text names; ``working``: by a plain day it may mean a working day."""

    named: tuple[Duration, ...]
    working: bool = False

    def names(self, value: int, unit: str | None) -> bool:
        """True where it names an amount of a unit; without a unit, of any."""
        if unit is None:
            return any(entry.low <= value <= entry.high for entry in self.named)
        units = (unit, PLAIN[unit]) if self.working and unit in PLAIN else (unit,)
        return any(entry.covers(value, unit) for entry in self.named for unit in units)


def _wording(texts: Iterable[str], lang: str, *, working: bool = False) -> _Wording:
    return _Wording(tuple(entry for text in texts for entry in durations(text, lang)), working)


def _speaks_of_working_days(loaded: Loaded, sources: Sources) -> bool:
    """True where what something cites, or the register, says that working days count."""
    return any(
        counts_working_days(text)
        for lang in LANGUAGES
        for texts in (clause_texts(loaded, sources.law, lang), surrounding_texts(loaded, sources, lang))
        for text in texts
    )


@check(
    "ZX1281",
    "unlike-label",
    en="Whoever reads the label believes its number; the engine counts by the limit, so the two have to agree.",
    zh="看名称的人相信其中的天数，系统按期限计算；两者必须一致。",
)
def unlike_label(loaded: Loaded) -> Iterator[Defect]:
    """Report labels of obligations and parameters that name an amount of time, and none that their limit has."""
    process, top = loaded.definition.process, Place(loaded.process, loaded.process.node)
    of_duties = _by_duty(loaded)
    for name, duty in process.obligations.items():
        counted = of_duties.get(name, ())
        limit = duty.limit
        open_amount = limit is not None and any(
            part.parameter is not None
            or part.every is not None
            or any(candidate.amount_field for candidate in part.candidates)
            for part in limit.components
        )
        if counted or not open_amount:
            sources = sum((entry.sources for entry in counted), sources_of(duty))
            yield from _unlike(loaded, (duty, top.at("obligations", name)), counted, sources)
    for name, parameter in loaded.definition.parameters.items():
        at = Place(*loaded.parameters[name])
        parts = [(part, place) for part, place in settings(parameter, at) if part.amount is not None]
        counted = tuple(LimitAmount("", part.amount or 0, part.unit, place) for part, place in parts)
        if counted:
            yield from _unlike(loaded, (parameter, at), counted, sources_of(parameter))


def _by_duty(loaded: Loaded) -> Mapping[str, tuple[LimitAmount, ...]]:
    by_duty: dict[str, list[LimitAmount]] = {}
    for amount in amounts(loaded):
        by_duty.setdefault(amount.duty, []).append(amount)
    return {name: tuple(entries) for name, entries in by_duty.items()}


def _unlike(
    loaded: Loaded, labelled: tuple[Labelled, Place], counted: tuple[LimitAmount, ...], sources: Sources
) -> Iterator[Defect]:
    """The labels that name amounts, but none of those counted."""
    label, place = labelled
    for lang in LANGUAGES:
        text = getattr(label, lang) or ""
        wording = _wording([text], lang, working=_speaks_of_working_days(loaded, sources))
        if wording.named and not any(wording.names(entry.value, entry.unit) for entry in counted):
            yield Defect(place.at(lang), label=text, counted=_shown(counted))


def _shown(counted: tuple[LimitAmount, ...]) -> tuple[Quantity, ...]:
    return tuple(dict.fromkeys(Quantity(entry.value, entry.unit) for entry in counted))


@warning(
    "ZX1282",
    "unlike-clause",
    en="The number of a limit is that of the clause it cites, unless the register or its own document says otherwise.",
    zh="期限的天数应当就是所引条款写的天数；另有解释登记或者依据文件的除外。",
)
def unlike_clause(loaded: Loaded) -> Iterator[Defect]:
    """Report amounts that the clauses an obligation cites do not name, though they name others."""
    obligations = loaded.definition.process.obligations
    for amount in amounts(loaded):
        duty = obligations[amount.duty]
        if duty.basis is not None:
            continue
        sources = sources_of(duty) + amount.sources
        working = _speaks_of_working_days(loaded, sources)
        for lang in LANGUAGES:
            written = _wording(clause_texts(loaded, sources.law, lang), lang, working=working)
            read = _wording(surrounding_texts(loaded, sources, lang), lang, working=working)
            named = written.names(amount.value, amount.unit) or read.names(amount.value, amount.unit)
            if written.named and not named:
                clauses = tuple(dict.fromkeys(map(str, sources.law)))
                yield Defect(amount.place, duty=amount.duty, counted=_shown((amount,)), clause=clauses)
                break


# quotations

_QUOTED = re.compile("「([^「」]{0,200})」")
_JOINT = re.compile(r"…{1,6}|⋯{1,6}|\.{3,6}|—{2,6}|[/／『』]")
_MARKS = re.compile(r"[\s，,。；;：:、！!？?（）()《》〈〉“”‘’\"'·]")  # the marks of a text


@warning(
    "ZX1283",
    "misquoted",
    en="What stands in quotation marks is taken for the words of the clause cited, and is looked up there.",
    zh="引号中的话会被当作所引条款的原话，应当在该条款中找得到。",
    shared=True,
)
def misquoted(loaded: Loaded) -> Iterator[Defect]:
    """Report quotations that are neither in the clauses cited beside them nor a label of the definition."""
    nodes = model_nodes(loaded)
    labels = {_bare(node.model.zh or "") for node in nodes if isinstance(node.model, Labelled)}
    for node in nodes:
        refs = _refs(node)
        texts = [_bare(text) for text in clause_texts(loaded, refs, "zh")] if refs else []
        texts += [_bare(text) for text in surrounding_texts(loaded, Sources(refs), "zh")] if texts else []
        for text, place in _own_texts(node) if texts else ():
            for quoted in _QUOTED.findall(text):
                parts = [part for part in map(_bare, _JOINT.split(quoted)) if part]
                if not all(part in labels or any(part in cited for cited in texts) for part in parts):
                    yield Defect(place, quoted=quoted, clause=tuple(dict.fromkeys(map(str, refs))))


def _bare(text: str) -> str:
    """A text without spaces and marks."""
    return _MARKS.sub("", text)


def _refs(node: ModelNode) -> tuple[ClauseRef, ...]:
    """The clauses whose words something quotes: those it cites; of a clause, itself."""
    model = node.model
    if not isinstance(model, Clause):
        return getattr(model, "law", ()) if isinstance(getattr(model, "law", ()), tuple) else ()
    loc = node.place.loc
    instrument = str(loc[1]) if len(loc) > 2 else None  # below one that is incorporated
    return (ClauseRef(instrument=instrument, clause=str(loc[-1])),)


def _own_texts(node: ModelNode) -> Iterator[tuple[str, Place]]:
    """The Chinese texts of something, and of what it is made of that cites nothing itself; not the clause itself."""
    if isinstance(node.model, Labelled) and not isinstance(node.model, Clause) and node.model.zh is not None:
        yield node.model.zh, node.place.at("zh")
    yield from _inner_texts(node.model, node.place)


def _inner_texts(model: BaseModel, place: Place) -> Iterator[tuple[str, Place]]:
    for name, info in type(model).model_fields.items():
        value, at = getattr(model, name), place.at(info.alias or name)
        for part, here in _parts(value, at):
            if getattr(part, "law", ()) or isinstance(part, Clause):
                continue
            if isinstance(part, Labelled) and part.zh is not None:
                yield part.zh, here.at("zh")
            yield from _inner_texts(part, here)


def _parts(value: object, place: Place) -> Iterator[tuple[BaseModel, Place]]:
    if isinstance(value, BaseModel):
        yield value, place
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _parts(inner, place.at(key))
    elif isinstance(value, tuple):
        for index, inner in enumerate(value):
            yield from _parts(inner, place.at(index))


# lists

_OPEN = re.compile(
    r"(?P<list>[^。；：:;，,]{0,200}?[^。；：:;，,平同相均对高中初上下优劣何此头特一二三])等"
    r"(?![级于待候同次额比号价份边式分身]|\s{0,3}(?:\d{1,3}|[一二两三四五六七八九十]{1,3})\s{0,3}[个项种类方条])"
)
"""A list that a text leaves open; one followed by a number of kinds is complete."""

_BETWEEN = re.compile("、|或者|或|以及|和|及|与")  # the joints of a text


@warning(
    "ZX1284",
    "closed-list",
    en="Where the text leaves a list open, the next case of its kind needs a value too.",
    zh="条文用「等」留有余地的列举，列举之外的情形也要有值可选。",
)
def closed_list(loaded: Loaded) -> Iterator[Defect]:
    """Report choices that repeat a list which their clause leaves open, and have no value for anything else."""
    for node in model_nodes(loaded):
        kind = node.model
        if not isinstance(kind, ValueType) or not isinstance(kind.of, dict) or kind.interpretation:
            continue
        values = {name: getattr(value, "zh", None) or "" for name, value in kind.of.items()}
        if any(_residual(name, zh) for name, zh in values.items()):
            continue
        for clause in kind.law:
            texts = clause_texts(loaded, (clause,), "zh")
            if any(_repeats(opened["list"], values.values()) for text in texts for opened in _OPEN.finditer(text)):
                yield Defect(node.place.at("of"), clause=str(clause))
                break


def _residual(name: str, zh: str) -> bool:
    return name.startswith("other") or name.endswith("_other") or zh.startswith(("其他", "其它", "另"))


def _repeats(text: str, labels: Iterable[str]) -> bool:
    """True where at least two values of a choice stand in a list."""
    entries = [entry.strip() for entry in _BETWEEN.split(text)]
    listed = [label for label in labels if label and any(_names(entry, label) for entry in entries)]
    return len(listed) >= 2


def _names(entry: str, label: str) -> bool:
    """True where an entry of a list ends with a label, or is a longer part of it."""
    return entry.endswith(label) or (len(entry) > 1 and entry in label)


CHECKS = (unlike_label, unlike_clause, misquoted, closed_list)
