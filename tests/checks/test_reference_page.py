"""The reference page of the checks is written from the checks, and nobody forgot to."""

from __future__ import annotations

import importlib.util
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "scripts" / "gen_checks_reference.py"


def test_the_page_is_up_to_date():
    spec = importlib.util.spec_from_file_location("gen_checks_reference", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    written = module.TARGET.read_text(encoding="utf-8")
    assert written == module.render(), "run: python scripts/gen_checks_reference.py"
