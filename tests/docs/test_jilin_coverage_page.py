"""The page on where the measure is encoded says what the files say, and every article is there."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_page_is_up_to_date_and_leaves_no_article_out() -> None:
    spec = importlib.util.spec_from_file_location("gen_coverage", ROOT / "scripts" / "gen_coverage.py")
    assert spec is not None and spec.loader is not None
    gen_coverage = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(gen_coverage)
    page = gen_coverage.TARGET.read_text(encoding="utf-8")
    assert page == gen_coverage.render(), "run `make reference`"
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line.startswith("| ")
    ]
    articles = {row[0].partition(".")[0] for row in rows if row[0] != "clause"}
    assert articles == {str(number) for number in range(1, 19)}
    for number, status, scenarios, encoded, why in (row for row in rows if row[0] != "clause"):
        assert int(scenarios) > 0 or why, f"{number} ({status}) is neither tried nor explained"
        assert not re.search(r"\(0\)", encoded), f"something owed under {number} is tried by no scenario"
