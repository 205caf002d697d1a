"""Extensions that take their length or their day from a field of another type."""

from __future__ import annotations

from collections.abc import Iterator

from zhengxie_flow.errors import Problem
from zhengxie_flow.model.limit import FieldDay
from zhengxie_flow.reading.checks.catalogue import Example, Reason
from zhengxie_flow.reading.checks.names import field_type
from zhengxie_flow.reading.checks.places import fault
from zhengxie_flow.reading.checks.visits import limits
from zhengxie_flow.reading.sources import Loaded

CODE = "ZX1256"
NAME = "unfit-extension"
REASON = Reason(
    en="How much an extension adds is a whole number, until when it runs a date; any other field gives neither.",
    zh="延长多少须为整数，延长到哪天须为日期；其他类型的字段给不出来。",
)
GOOD: tuple[Example, ...] = (
    """\
actions:
  extend: {zh: 延长, en: Extend, law: "3", by: mayor, from: held,
    with: {days: {type: int, zh: 日数, en: Days}, last_day: {type: date, zh: 截止, en: Last day}}}
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", who: office, do: report, evidence: text,
    limit: {within: 5, unit: working_day, after: hold, extended_by: [{action: extend, add: {field: days}}]}}
  a3.again: {zh: 再报告, en: Again, law: "3", who: office, do: report, evidence: text,
    limit: {within: 5, unit: working_day, after: hold, extended_by: {action: extend, to: {field: last_day}}}}
""",
)
BAD: tuple[Example, ...] = (
    """\
actions:
  extend: {zh: 延长, en: Extend, law: "3", by: mayor, from: held, with: {why: {type: text, zh: 理由, en: Why}}}
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", who: office, do: report, evidence: text,
    limit: {within: 5, unit: working_day, after: hold, extended_by: {action: extend, to: {field: why}}}}
# ^ why
""",
    """\
actions:
  extend: {zh: 延长, en: Extend, law: "3", by: mayor, from: held,
    with: {last_day: {type: date, zh: 截止, en: Last day}}}
obligations:
  a3.report: {zh: 报告, en: Report, law: "3", who: office, do: report, evidence: text,
    limit: {within: 5, unit: working_day, after: hold, extended_by: [{action: extend, add: {field: last_day}}]}}
# ^ last_day
""",
)

_WANTED = {"add": ("int",), "to": ("date", "instant")}


def check(loaded: Loaded) -> Iterator[Problem]:
    """Report fields named under ``add`` that are no whole number, and under ``to`` that are no date."""
    process = loaded.definition.process
    for ruled in limits(loaded):
        for index, extension in enumerate(ruled.limit.extended_by):
            for key, wanted in _WANTED.items():
                named = getattr(extension, key)
                if not isinstance(named, FieldDay) or extension.action not in process.acts:
                    continue
                kind = field_type(process, extension.action, named.field)
                if kind is not None and kind.type not in wanted:
                    place = ruled.place.at("extended_by", index, key, "field")
                    told = {"name": named.field, "type": kind.type, "action": extension.action}
                    yield fault(CODE, place, key=key, wanted=wanted[0], **told)
