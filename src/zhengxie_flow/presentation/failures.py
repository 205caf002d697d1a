"""Failed conditions in words: what was wanted, what is on record, what a set lacks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from zhengxie_flow.i18n import label
from zhengxie_flow.model.condition import Compare
from zhengxie_flow.model.working import FailedCondition
from zhengxie_flow.presentation.line_labels import LineLabels
from zhengxie_flow.rules.readback import phrase

SHOWN = 4
"""So many failed parts are written out; of more, the number."""


def failed_text(failed: Sequence[FailedCondition], names: LineLabels) -> str:
    """Return failed conditions in words, each once."""
    parts = list(dict.fromkeys(_text(entry, names) for entry in failed))
    text = label("sentence.parts", names.lang).join(parts[:SHOWN])
    rest = len(parts) - SHOWN
    return label("sentence.more", names.lang, text=text, count=rest) if rest > 0 else text


def _text(failed: FailedCondition, names: LineLabels) -> str:
    text = _plain_text(failed, names)
    return text if failed.item is None else label("sentence.of_item", names.lang, item=failed.item, text=text)


def _plain_text(failed: FailedCondition, names: LineLabels) -> str:
    condition, lang = failed.condition, names.lang
    wanted = names.words.say(phrase(condition))
    if failed.negated:
        return label("sentence.failed.negated", lang, phrase=wanted)
    if isinstance(condition, Compare) and condition.test.recorded and failed.value is None:
        return label("sentence.failed.unrecorded", lang, fact=names.words.fact(condition.name))
    if not isinstance(condition, Compare) or failed.value is None:
        return label("sentence.failed.phrase", lang, phrase=wanted)
    if failed.absent:
        absent = names.listed(_value(names, condition.name, entry) for entry in failed.absent)
        return label("sentence.failed.absent", lang, fact=names.words.fact(condition.name), absent=absent)
    return label("sentence.failed.value", lang, phrase=wanted, value=_value(names, condition.name, failed.value))


def _value(names: LineLabels, fact: str, value: Any) -> str:
    return str(names.words.value(fact, value))
