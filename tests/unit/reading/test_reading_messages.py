"""Every code the reading room can give has a text in both languages, with the parameters it is given."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

import zhengxie_flow.reading
from zhengxie_flow.i18n.catalogue import area, texts

SOURCES = Path(zhengxie_flow.reading.__file__).parent


OWN = "characters fullwidth builder decoding yaml_reader yaml_error_text validation jsonl"  # definitions have their own


def used() -> set[str]:
    texts = [(SOURCES / f"{name}.py").read_text("utf-8") for name in OWN.split()]
    return {code for text in texts for code in re.findall(r"ZX10\d\d", text)}


def test_every_code_has_a_text_and_every_text_a_code() -> None:
    assert used() | {"ZX1000"} == set(area("reading"))


@pytest.mark.parametrize("code", sorted(area("reading")))
def test_both_languages_name_the_same_parameters(code: str) -> None:
    text = texts()[code]

    def names(*templates: str) -> set[str]:
        return {name for template in templates for _, name, _, _ in Formatter().parse(template) if name}

    assert names(text.zh, text.fix_zh) == names(text.en, text.fix_en)
    assert re.search("[\u4e00-\u9fff]", text.zh)
    assert re.search("[\u4e00-\u9fff]", text.fix_zh)
