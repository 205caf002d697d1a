"""What was meant by a name: near spellings, other names of an id, never a far guess and never the opposite."""

from __future__ import annotations

import pytest

from zhengxie_flow.i18n.naming import language_names, synonyms
from zhengxie_flow.model.base import Labelled
from zhengxie_flow.spelling import closest, distance, hint, suggest

UNITS = ("working_day", "calendar_day", "month", "year", "hour")
FORCES = ("must", "must_not", "should", "may", "by_reference")
VERDICTS = ("breach", "overdue", "invalid", "incomplete", "exempt", "pass", "not_applicable")


@pytest.mark.parametrize(
    ("word", "other", "apart"),
    [
        ("", "abc", 3),
        ("ab", "ba", 1),
        ("report", "report", 0),
        ("report", "raport", 1),
        ("a_b", "ab", 1),
        ("ca", "abc", 3),
    ],
)
def test_letters_that_differ_are_counted(word: str, other: str, apart: int) -> None:
    assert distance(word, other) == distance(other, word) == apart


@pytest.mark.parametrize(
    ("word", "choices", "meant"),
    [
        ("cunterpart", ("opinion", "counterpart"), "counterpart"),
        ("wroking_day", UNITS, "working_day"),
        ("Working Day", UNITS, "working_day"),
        ("mustnot", FORCES, "must_not"),
        ("must_nto", FORCES, "must_not"),
        ("incompelte", VERDICTS, "incomplete"),
        ("2062", ("2016", "2026"), "2026"),
        ("--form", ("--format", "--project"), "--format"),
    ],
)
def test_a_near_spelling_is_found(word: str, choices: tuple[str, ...], meant: str) -> None:
    assert suggest(word, choices) == meant


@pytest.mark.parametrize(
    ("word", "choices"),
    [
        ("week", UNITS),
        ("dya", UNITS),
        ("calendar", ("within", "at_least")),
        ("nobody", ("office", "inspection_body")),
        ("no_such", ("follow_up", "hold")),
        ("jilin/nope", ("jilin/consultation", "jilin/expert_review")),
        ("a9.nope", ("a2.scope", "a7.2.notice")),
        ("期限", ("zh", "en")),
        ("不得", FORCES),
        ("合规", VERDICTS),
        ("7(4)", ("7(5)", "7(3)")),
        ("x", ("y",)),
        ("x", ()),
    ],
)
def test_a_far_guess_is_not_made(word: str, choices: tuple[str, ...]) -> None:
    assert suggest(word, choices) is None
    assert hint(word, choices) == "-"


@pytest.mark.parametrize(
    ("word", "choices"),
    [
        ("event_included", ("event_excluded", "clear_days")),
        ("event_inclded", ("event_excluded", "clear_days")),
        ("complete", ("incomplete", "exempt")),
        ("valid", VERDICTS),
        ("applicable", ("not_applicable",)),
        ("must", ("must_not",)),
        ("unlawful", ("lawful",)),
        ("decided_before", ("decided_after",)),
        ("granted", ("not_granted",)),
    ],
)
def test_the_opposite_is_never_meant(word: str, choices: tuple[str, ...]) -> None:
    assert suggest(word, choices) is None


@pytest.mark.parametrize(
    ("word", "choices", "meant"),
    [
        ("自然日", UNITS, "calendar_day"),
        ("工作日", UNITS, "working_day"),
        ("business day", UNITS, "working_day"),
        ("月", UNITS, "month"),
        ("应当", FORCES, "must"),
        ("不得", FORCES, "must_not"),
        ("可以", FORCES, "may"),
        ("shall not", FORCES, "must_not"),
        ("合规", VERDICTS, "pass"),
        ("是", ("true", "false"), "true"),
        ("角色", ("roles", "facts"), "roles"),
    ],
)
def test_a_term_of_the_field_is_the_word_of_the_language(word: str, choices: tuple[str, ...], meant: str) -> None:
    assert suggest(word, choices, language_names()) == meant


def test_a_label_that_names_one_id_is_that_id_and_one_that_names_two_is_none() -> None:
    roles = {
        "office": Labelled(zh="办公室", en="Office"),
        "mayor": Labelled(zh="市长", en="Head"),
        "chair": Labelled(zh="主任", en="Head"),
    }
    assert [hint(word, roles) for word in ("办公室", "Office", "市长", "head", "主席")] == [
        "office",
        "office",
        "mayor",
        "-",
        "-",
    ]


def test_no_term_stands_for_opposites() -> None:
    opposites = (
        {"must", "must_not"},
        {"event_excluded", "clear_days"},
        {"true", "false"},
        {"before", "after"},
        {"pass", "breach"},
    )
    assert [word for word, ids in language_names().items() for pair in opposites if pair <= set(ids)] == []


def test_every_term_leads_to_one_id_in_each_place() -> None:
    """``角色`` is the type ``role`` and the section ``roles``: they never stand in the same place."""
    shared = {word: ids for word, ids in language_names().items() if len(ids) > 1}
    assert set(shared) == {"角色", "豁免"} | {
        word for word, ids in shared.items() if set(ids) <= {"date", "document", "law"}
    }
    assert all(words for words in synonyms().values())


def test_what_is_known_is_listed_from_the_likest() -> None:
    assert closest("reprot", ("hold", "report", "notify"), shown=2) == ("report", "hold")
