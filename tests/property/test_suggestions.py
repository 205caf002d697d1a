"""Suggestions for unknown words: only within the bound or by another name; every word of the language survives a typo."""

from __future__ import annotations

import json
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypothesis import assume, given, settings, strategies as st
from tests.support import tries

from zhengxie_flow.i18n.naming import language_names
from zhengxie_flow.spelling import distance, normal, suggest

SCHEMAS = Path(__file__).parents[2] / "docs" / "reference"


def words(schema: Any) -> Iterator[str]:
    """Every key and every fixed value that a schema of the language allows."""
    if isinstance(schema, list):
        for entry in schema:
            yield from words(entry)
    elif isinstance(schema, dict):
        yield from schema.get("properties", ())
        yield from (word for word in (*schema.get("enum", ()), schema.get("const")) if isinstance(word, str))
        for entry in schema.values():
            yield from words(entry)


IDS = tuple(
    sorted(
        {
            word
            for path in SCHEMAS.glob("*.schema.json")
            if path.name != "output.schema.json"
            for word in words(json.loads(path.read_text(encoding="utf-8")))
        }
    )
)
LONG = tuple(word for word in IDS if len(word) > 2)


@st.composite
def typos(draw: st.DrawFn) -> tuple[str, str]:
    """A word of the language, and the same with one letter missing, extra, wrong or swapped."""
    word = draw(st.sampled_from(LONG))
    place = draw(st.integers(0, len(word) - 2))
    letter = draw(st.sampled_from(string.ascii_lowercase))
    wrong = draw(
        st.sampled_from(
            [
                word[:place] + word[place + 1 :],
                word[:place] + letter + word[place:],
                word[:place] + letter + word[place + 1 :],
                word[:place] + word[place + 1] + word[place] + word[place + 2 :],
            ]
        )
    )
    return word, wrong


def test_the_language_has_words() -> None:
    assert {"obligations", "working_day", "must_not", "event_excluded", "by_parameter"} <= set(IDS)


@settings(max_examples=tries(300))
@given(typos())
def test_a_word_of_the_language_with_one_typo_is_found(pair: tuple[str, str]) -> None:
    word, wrong = pair
    assume(wrong not in IDS)
    meant = suggest(wrong, IDS)
    assert meant is not None
    assert meant == word or distance(normal(wrong), normal(meant)) == 1  # another word is as near


@settings(max_examples=tries(300))
@given(st.text(min_size=1, max_size=20) | st.text(string.ascii_lowercase + "_", min_size=1, max_size=20))
def test_a_suggestion_is_near_or_another_name(word: str) -> None:
    meant = suggest(word, IDS, language_names())
    if meant is not None and meant not in language_names().get(normal(word), ()):
        assert distance(normal(word), normal(meant)) <= max(len(normal(word)), len(meant), 3) // 3


@settings(max_examples=tries(200))
@given(st.sampled_from(sorted(language_names())), st.sets(st.sampled_from(LONG), max_size=12))
def test_another_name_leads_to_what_it_names_or_to_what_is_near(word: str, others: set[str]) -> None:
    ids = language_names()[word]
    meant = suggest(word, {*others, ids[0]} - set(ids[1:]), language_names())
    assert meant == ids[0]
