"""Codes that were merged: no two say the same, and no published one is forgotten."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest

from zhengxie_flow.errors import NotFound, UsageError
from zhengxie_flow.i18n import LANGUAGES, current_code, describe, render
from zhengxie_flow.i18n.catalogue import UNKNOWN, Text, former_codes, glossary, texts

CODE = re.compile(r"ZX\d{4}")
PUBLISHED = Path(__file__).parents[2] / "data" / "codes"
"""The codes that a release could raise, a file each."""
FORMER = sorted(former_codes())


def template(text: Text, lang: str) -> tuple[str, ...]:
    """A message and its mend without the noun: words of the glossary and parameters are replaced by a blank."""
    nouns = sorted((term[lang] for term in glossary().values()), key=len, reverse=True)
    words = "|".join(re.escape(noun) for noun in nouns)
    noun = re.compile(words if lang == "zh" else rf"(?i)\b(?:{words})\b")
    parts = (re.sub(r"\{[^{}]*\}", "{}", part) for part in (text.say(lang), text.remedy(lang)))
    return tuple(noun.sub("{}", part) for part in parts)


def twins(messages: dict[str, Text]) -> list[list[str]]:
    """Codes that say the same of the same kind of mistake, with the same advice, in one of the languages."""
    codes: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for code, text in messages.items():
        for lang in LANGUAGES:
            codes[(lang, *template(text, lang))].append(code)
    return [alike for alike in codes.values() if len(alike) > 1]


def live() -> dict[str, Text]:
    return {code: text for code, text in texts().items() if CODE.fullmatch(code)}


def test_no_two_codes_say_the_same_of_the_same_kind_of_mistake() -> None:
    assert twins(live()) == []


@pytest.mark.parametrize(
    ("text", "alike"),
    [
        (
            Text("没有角色「{role}」。", "Unknown role '{role}'.", texts()[UNKNOWN].fix_zh, texts()[UNKNOWN].fix_en),
            True,
        ),
        (Text("没有角色「{role}」。", "Unknown role '{role}'.", "换一个角色。", "Choose another role."), False),
    ],
)
def test_a_twin_is_noticed_and_other_advice_is_none(text: Text, alike: bool) -> None:
    assert bool(twins({UNKNOWN: texts()[UNKNOWN], "ZX0001": text})) is alike


@pytest.mark.parametrize("release", sorted(PUBLISHED.glob("*.txt")), ids=lambda path: path.stem)
def test_every_published_code_is_raised_or_leads_to_one_that_is(release: Path) -> None:
    codes = release.read_text(encoding="utf-8").split()
    assert len(codes) > 300
    assert [code for code in codes if current_code(code) not in texts()] == []


def test_a_former_code_is_no_code_of_today_and_leads_to_one() -> None:
    assert not set(FORMER) & set(texts())
    assert {former.now for former in former_codes().values()} <= set(live())
    assert all(former.kind in glossary() for former in former_codes().values() if former.now == UNKNOWN)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("code", FORMER)
def test_a_former_code_with_its_parameters_is_rendered_whole(code: str, lang: str) -> None:
    former = former_codes()[code]
    names = ("name", "given", "key", "limit", "expected", "version")
    params = {former.renamed.get(name, name): "x" for name in names} | {"suggestion": "-", "known": ()}
    said = render(code, params, lang)
    assert said.message and said.message == render(former.now, former.current(params), lang).message
    assert "{" not in said.message


def test_an_error_with_a_former_code_is_described_as_before() -> None:
    action = NotFound("ZX4010", action="dance", suggestion="-", known=("agree",))
    assert describe(action, "en").message == "Unknown action 'dance'."
    assert describe(UsageError("ZX6014", given="soon"), "zh").message == "「soon」不是日期。"


def test_a_code_of_today_stays_what_it_is() -> None:
    assert (current_code("ZX1206"), current_code("ZX0000")) == ("ZX1206", "ZX0000")
