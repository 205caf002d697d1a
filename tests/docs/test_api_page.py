"""The page of the Python API is what the docstrings say, and leaves out nothing that its own signatures name."""

from __future__ import annotations

import builtins
import collections.abc
import datetime as dt
import importlib.util
import re
import typing
from pathlib import Path

import pytest
import sqlalchemy
import sqlalchemy.ext.asyncio
import sqlalchemy.orm

import zhengxie_flow

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "api.md"
ELSEWHERE = {"P", "T", "ZoneInfo", "Path", "NDArray", "MigrationContext"}
"""Names of the standard library, of numpy and of alembic in modules that hold little else of use, and variables of types."""
LIBRARIES = (builtins, collections.abc, dt, typing, sqlalchemy, sqlalchemy.orm, sqlalchemy.ext.asyncio)


def generator(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def page():
    return PAGE.read_text(encoding="utf-8")


def test_the_page_is_not_stale(page):
    assert generator("gen_api").render() == page, "run `make reference`"


def test_the_page_of_events_which_it_refers_to_is_not_stale():
    generated = generator("gen_event_reference")
    assert generated.render_page() == generated.PAGE.read_text(encoding="utf-8"), "run `make reference`"


def test_every_public_name_has_its_place(page):
    entries = re.findall(r"^### (\w+)$", page, re.MULTILINE)
    assert len(entries) == len(set(entries))
    assert set(zhengxie_flow.__all__) <= set(entries)


def test_every_type_of_a_signature_and_every_error_of_a_method_is_on_the_page(page):
    entries = set(re.findall(r"^### (\w+)$", page, re.MULTILINE))
    signatures = "\n".join(re.findall(r"^```python\n(\w+\(.*?)```$", page, re.DOTALL | re.MULTILINE))
    signatures = re.sub(r"'[^']*'", "", signatures)
    raised = re.findall(r"^- `([A-Z]\w+)`: ", page, re.MULTILINE)
    written = set(re.findall(r"(?<![\w.])([A-Z]\w+)", signatures)) | set(raised)
    libraries = {name for library in LIBRARIES for name in dir(library)}
    entries |= set(re.findall(r"^\| (\w+) \| `zhengxie_flow", page, re.MULTILINE))
    assert written - entries - libraries - ELSEWHERE == set()
