"""The shipped rules: proved whole, and Article 14 read back and traced word for word."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from zhengxie_flow.i18n.catalogue import texts
from zhengxie_flow.presentation.phrases import Words
from zhengxie_flow.presentation.serialise import serialise
from zhengxie_flow.reading.definitions import Files
from zhengxie_flow.reading.rulesets import of_project
from zhengxie_flow.resources import processes_dir, rules_dir
from zhengxie_flow.rules.diff import diff
from zhengxie_flow.rules.next_question import ask
from zhengxie_flow.rules.partial_facts import inquiry
from zhengxie_flow.rules.prove import CLAIMS, prove
from zhengxie_flow.rules.readback import readback
from zhengxie_flow.rules.trace import Provenance, trace

GOLDEN = Path(__file__).parents[2] / "data" / "rules" / "golden"
JILIN = next(rules for rules in of_project(Files(processes_dir(), rules_dir())) if rules.folder == "jilin")
DAY = date(2026, 3, 4)


@pytest.mark.parametrize("name", list(JILIN.rulesets))
def test_every_shipped_decision_is_proved(name):
    proof = prove(JILIN.rulesets[name], JILIN.rulesets)
    assert proof.claims == dict.fromkeys(CLAIMS, "proved"), proof.faults


def test_the_shipped_rules_are_the_same_as_themselves():
    assert {change.change for change in diff(JILIN.rulesets, JILIN.rulesets)} == {"same"}


def golden(name, text):
    kept = GOLDEN / name
    assert kept.read_text(encoding="utf-8") == text, f"compare with {kept} and copy what is right"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_article_14_reads_back_as_approved(lang):
    words = Words(JILIN, lang)
    said = [words.say(phrase) for phrase in readback(JILIN.rulesets["consultation_duty"])]
    golden(f"article-14.readback.{lang}.txt", "\n".join(said) + "\n")


def traced(**facts):
    ruleset = JILIN.rulesets["consultation_duty"]
    asked = inquiry(ruleset, JILIN.rulesets)
    view = asked.over(facts, DAY)
    made = trace(ruleset, asked.standing(view), view, provenance=lambda name: Provenance("general_office", date(2026, 3, 2), 3)
                 if name in facts else None, places=JILIN.places(JILIN.rulesets["consultation_duty"]))  # fmt: skip
    return json.dumps(serialise(made), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def test_the_trace_of_article_14_is_as_kept_and_the_same_every_time():
    facts = {"public_safety": True, "superior_order": False}
    golden("article-14.trace.json", traced(**facts))
    assert traced(**facts) == traced(**dict(reversed(facts.items())))


def test_a_trace_of_other_facts_is_another():
    assert traced(public_safety=True) != traced(public_safety=False)


def test_every_phrase_has_words():
    codes = {phrase["code"] for ruleset in JILIN.rulesets.values() for phrase in codes_in(ruleset)}
    assert {f"rules.{code}" for code in codes} <= set(texts())


def codes_in(ruleset):
    def inside(value):
        if isinstance(value, dict):
            if "code" in value:
                yield value
            for inner in value.values():
                yield from inside(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from inside(inner)

    for phrase in readback(ruleset):
        yield from inside(phrase.plain())


def test_the_next_question_settles_most():
    asked = inquiry(JILIN.rulesets["hearing"], JILIN.rulesets)
    found = ask(asked, asked.over({"affects_development": True}, DAY))
    assert found.questions[0].fact in ("affects_vital_interests", "hearing_required")
    assert found.questions[0].settles == 1
    settled = ask(asked, asked.over({"affects_development": True, "affects_vital_interests": True}, DAY))
    assert settled.questions == ()
    assert settled.standing.resolved.outcome == "required"
