"""The sentences of the demo city: what is not in order or next has one, and they are as they were read and kept.

``make golden`` writes the kept files again; what changed is to be read before it is committed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.integration.test_demo import AS_OF, MATTERS, NOW, ROOT

from zhengxie_flow import Engine
from zhengxie_flow.bootstrap import FixedClock
from zhengxie_flow.model.verdict import REASONED, Audit
from zhengxie_flow.presentation.labels import Labels
from zhengxie_flow.presentation.line_selection import asks_attention
from zhengxie_flow.presentation.sentences import with_sentences
from zhengxie_flow.presentation.serialise import serialise
from zhengxie_flow.reading.imports import read_cases
from zhengxie_flow.services.commands.importing import import_cases

KEPT = Path(__file__).parents[1] / "data" / "sentences"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with Engine(tmp_path_factory.mktemp("demo") / "qinghe.db", project=ROOT, clock=FixedClock(NOW)) as opened:
        import_cases(opened.context, read_cases(*MATTERS))
        yield opened


def in_words(engine: Engine, lang: str) -> Audit:
    def labels_for(case: str) -> Labels:
        head = engine.journal.head(case)
        assert head is not None
        return Labels(engine.context.definitions.by_hash(head.definition), lang)

    return with_sentences(engine.audit(as_of=AS_OF), labels_for)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_sentences_of_the_demo_city_are_as_kept(city: Engine, lang: str) -> None:
    lines = [
        f"{case.case} {line.obligation}{f'[{line.item}]' if line.item else ''} {line.verdict}: {line.sentence}"
        for case in in_words(city, lang).cases
        for line in case.verdicts
        if asks_attention(line)
    ]
    text = "".join(f"{line}\n" for line in lines)
    kept = KEPT / f"qinghe.{lang}.txt"
    if os.environ.get("GOLDEN") == "write":
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(text, encoding="utf-8")
    assert kept.read_text(encoding="utf-8") == text, "read what changed, then run make golden"


def test_every_line_has_a_sentence_and_every_adverse_one_its_reason(city: Engine) -> None:
    audited = serialise(in_words(city, "en"))
    lines = [line for case in audited["cases"] for line in case["verdicts"]]
    assert [line for line in lines if not line["sentence"]] == []
    adverse = [line for line in lines if line["verdict"] in {str(verdict) for verdict in REASONED}]
    assert adverse
    assert [line for line in adverse if line["working"] is None or "reason" not in line["working"]] == []
