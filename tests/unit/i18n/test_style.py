"""One style of sentence in each language, and one word for each concept, wherever people read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from zhengxie_flow.i18n.catalogue import FOLDER, FORMER, GLOSSARY, glossary, texts
from zhengxie_flow.i18n.naming import SYNONYMS
from zhengxie_flow.reading.checks import all_checks

ROOT = Path(__file__).parents[3]
CODE = re.compile(r"ZX\d{4}")
PAGES = (*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")))
CHINESE_PAGES = [str(page.relative_to(ROOT)) for page in PAGES if page.name.endswith(".zh-CN.md")]
ENGLISH_PAGES = [
    str(page.relative_to(ROOT))
    for page in PAGES
    if not page.name.endswith(".zh-CN.md") and page.name not in ("CHANGELOG.md", "jilin-coverage.md")
]
"""All pages but the history of the releases, and a page made of the words of a statute."""
SENTENCE_EN = re.compile(r"""(?:\[\[)?["'{A-Z].*(?:[.?]|: \{\w+(?::\w+)?\}|[.?] ?\]\])""", re.DOTALL)
SENTENCE_ZH = re.compile(r"""\S.*(?:[。？]|：\{\w+(?::\w+)?\}|[。？]\]\])""", re.DOTALL)
FULL_TEXTS = ("limit.key.", "short.key.", "rules.", "cli.program")
"""Labels that are made of whole sentences."""


def sentences(key: str) -> list[str]:
    """What is wrong with the style of a text."""
    text = texts()[key]
    if CODE.fullmatch(key):
        wrong = [said for said in (text.en, text.fix_en) if not SENTENCE_EN.fullmatch(said)]
        return wrong + [said for said in (text.zh, text.fix_zh) if not SENTENCE_ZH.fullmatch(said)]
    return [] if key.startswith(FULL_TEXTS) else [said for said in (text.zh, text.en) if re.search(r"[^o][.。]$", said)]


def test_messages_are_sentences_and_labels_are_not() -> None:
    assert {key: wrong for key in texts() if (wrong := sentences(key))} == {}


def test_chinese_messages_quote_with_corner_brackets() -> None:
    assert [key for key, text in texts().items() if re.search("[“”‘’]", text.zh + text.fix_zh)] == []
    assert [check.name for check in all_checks() if re.search("[“”]", check.zh)] == []


@pytest.mark.parametrize(
    "said", ["there is no case.", "There is no case", "There is no {case}", "[[did you mean {x}?]]"]
)
def test_a_fragment_is_noticed(said: str) -> None:
    assert not SENTENCE_EN.fullmatch(said)


@pytest.mark.parametrize("said", ["没有案件", "没有{case}", "没有案件[[（{known}）]]"])
def test_a_chinese_fragment_is_noticed(said: str) -> None:
    assert not SENTENCE_ZH.fullmatch(said)


def misused(said: str, lang: str) -> Iterator[str]:
    """Words that the glossary has another word for."""
    for concept, term in glossary().items():
        for word in term.get(f"never_{lang}", ()):
            text = said
            for compound in term.get(f"but_{lang}", ()):
                text = text.replace(compound, "")
            pattern = word if lang == "zh" else rf"(?i)\b{word}\b"
            if re.search(pattern, text):
                yield f"{word} for {concept} ({term[lang]})"


def without_placeholders(said: str) -> str:
    return re.sub(r"\{\w+\}", "", said)


def test_messages_and_labels_use_the_words_of_the_glossary() -> None:
    found = {}
    for key, text in texts().items():
        zh = [*misused(without_placeholders(text.zh + text.fix_zh), "zh")]
        en = [*misused(without_placeholders(f"{text.en} {text.fix_en}"), "en")]
        if zh or en:
            found[key] = zh + en
    assert found == {}


def test_reasons_of_checks_use_the_words_of_the_glossary() -> None:
    reasons = {each.code: [*misused(each.zh, "zh"), *misused(each.en, "en")] for each in all_checks()}
    assert {code: found for code, found in reasons.items() if found} == {}


def misused_in_page(text: str, lang: str) -> Iterator[str]:
    """Words of a page that the glossary has another word for, by line.

    In English the ids of the language, of examples and of messages are no words: code and what stands in braces.
    """
    fenced = False
    for number, line in enumerate(text.splitlines(), 1):
        fenced ^= line.lstrip().startswith("```")
        if lang == "zh":
            yield from (f"{number}: {word}" for word in misused(line, "zh"))
        elif not fenced:
            prose = re.sub(r"`[^`]*`|\{[^{}]*\}|\]\([^)]*\)", "", line)
            yield from (f"{number}: {word}" for word in misused(prose, "en"))


@pytest.mark.parametrize("page", CHINESE_PAGES)
def test_chinese_pages_use_the_words_of_the_glossary(page: str) -> None:
    assert [*misused_in_page((ROOT / page).read_text(encoding="utf-8"), "zh")] == []


@pytest.mark.parametrize("page", ENGLISH_PAGES)
def test_english_pages_use_the_words_of_the_glossary(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    if page == "docs/reference/messages.md":  # it lists the words that are not to be used
        text = re.sub(r"## Words\n.*?(?=\n## )", "", text, flags=re.DOTALL)
    assert [*misused_in_page(text, "en")] == []


def test_a_word_in_a_page_is_noticed_and_code_is_none() -> None:
    page = "Each duty is judged, `duty` is an id.\n```yaml\nduty: notice\n```\n> The obligation '{duty}' has no day.\n"
    assert [*misused_in_page(page, "en")] == ["1: duty for obligation (obligation)"]
    assert [*misused_in_page("一个用例", "zh")] == ["1: 用例 for scenario (场景)"]


def test_every_page_is_looked_at() -> None:
    assert len(ENGLISH_PAGES) > 40
    assert all((ROOT / page).is_file() for page in (*CHINESE_PAGES, *ENGLISH_PAGES))


def test_a_word_that_is_not_to_be_used_is_noticed() -> None:
    assert [*misused("没有程序「x」", "zh")] == ["程序 for process (流程)"]
    assert [*misused("升级本程序", "zh")] == []
    assert [*misused("No such duty", "en")] == ["duty for obligation (obligation)"]


def test_every_concept_has_its_words_and_no_two_share_one() -> None:
    terms = glossary()
    assert all(term["zh"] and term["en"] for term in terms.values())
    for lang in ("zh", "en"):
        words = [term[lang] for term in terms.values()]
        assert len(words) == len(set(words))
        banned = {word for term in terms.values() for word in term[f"never_{lang}"]}
        assert banned.isdisjoint(words)


@pytest.mark.parametrize(
    "path", [*sorted(FOLDER.glob("*.json")), GLOSSARY, SYNONYMS, FORMER], ids=lambda path: path.stem
)
def test_an_entry_is_a_line_or_two_and_is_written_once(path: Path) -> None:
    """What a translator edits: the key and the message on one line, how to mend it on the next."""
    lines = path.read_text(encoding="utf-8").splitlines()
    assert (lines[0], lines[-1]) == ("{", "}")
    keys = [match[1] for line in lines if (match := re.match(r'"([\w.]+)": ', line))]
    assert len(keys) == len(set(keys))
    assert set(keys) == set(json.loads(path.read_text(encoding="utf-8")))
    assert [line for line in lines[1:-1] if not re.match(r'"[\w.]+": |    "', line)] == []
