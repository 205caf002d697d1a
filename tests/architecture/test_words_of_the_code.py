"""Names and docstrings in the terms of the field: what is measured, and that it only gets better."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path

import pytest

import zhengxie_flow
from zhengxie_flow.reading.yaml_reader import read_yaml

SCRIPT = Path(__file__).parents[2] / "scripts" / "words.py"
LIMITS = Path(__file__).with_name("word_limits.yaml")
SLACK = 0.5
"""So many points may a figure lie below its limit before the limit has to follow."""


@pytest.fixture(scope="module")
def words():
    spec = importlib.util.spec_from_file_location("words", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


@pytest.fixture(scope="module")
def report(words):
    return words.measure(Path(zhengxie_flow.__file__).parent)


@pytest.fixture(scope="module")
def limits():
    return read_yaml(LIMITS.read_text(encoding="utf-8"), LIMITS.name).value


@pytest.mark.parametrize("figure", ["pronoun_names", "interrogative_docstrings"])
def test_a_share_only_shrinks(report, limits, figure):
    percent, limit = getattr(report, figure).percent, float(limits[figure])
    assert percent <= limit, f"{figure}: run python scripts/words.py src/zhengxie_flow"
    assert percent > limit - SLACK, f"{figure} is {percent} by now: write that into {LIMITS.name}"


def test_no_new_class_shares_its_name_with_another(report, limits):
    assert sorted(report.homonyms) == sorted(limits["homonyms"]), (
        f"a new homonym, or one that {LIMITS.name} still lists"
    )


SAMPLE = '''
"""Whether anything is counted."""

from other import found as known

class Order:
    """An order.

    Args:
        each: a name that no syntax binds.
    """

    own: int = 1

    def total(self, each):
        """The sum.

        Returns:
            A number.
        """
        self.seen = [one for one in each]
        return sum(self.seen)

    def _hidden(self):
        """How it is hidden."""

def pay(amount, *told, **given):
    """From the purse.

    >>> pay(1)
    """
    match amount:
        case [known, *_]:
            foundation = known
    try:
        with amount as (nobody, money):
            pass
    except ValueError as said:
        pass

def bare():
    """Which of them."""
'''
OTHER = '''
"""What a user ordered."""

class Order:
    """Another order."""

class _Order:
    """Which one is private."""
'''


@pytest.fixture
def sample(tmp_path):
    (tmp_path / "shop" / "old").mkdir(parents=True)
    (tmp_path / "shop" / "__init__.py").write_text(SAMPLE, encoding="utf-8")
    (tmp_path / "shop" / "old" / "orders.py").write_text(OTHER, encoding="utf-8")
    return tmp_path / "shop"


def test_pronouns_count_wherever_a_name_is_bound_and_only_whole(words, sample):
    report = words.measure(sample)
    counted = {name for module in report.modules for _, name in module.pronouns}
    assert counted == {"own", "each", "seen", "one", "told", "given", "known", "nobody", "said"}
    assert report.pronoun_names.count == 9
    assert report.of_kinds("parameter") == words.Share(3, 4)
    assert report.of_kinds("attribute") == words.Share(1, 1)


def test_docstrings_are_judged_by_their_first_word(words, sample):
    report = words.measure(sample)
    assert report.interrogative_docstrings == words.Share(5, 9)
    assert not words.INTERROGATIVE.match("Whatever is left.")
    assert words.INTERROGATIVE.match("From where it is read.")


def test_homonyms_are_public_and_sections_make_a_function_documented(words, sample):
    report = words.measure(sample)
    assert report.homonyms == {"Order": ["__init__.py", "old/orders.py"]}
    assert report.documented_functions == words.Share(2, 3)
    assert words.measure(sample, ["old"]).homonyms == {}


def test_any_package_is_measured_by_path_or_name(words, sample, capsys):
    assert words.main([str(sample), "--format", "json", "--worst", "1"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["pronoun_names"]["count"] == 9
    assert [entry["file"] for entry in document["worst"]] == ["__init__.py"]
    assert words.main(["rich"]) == 0
    assert "names that are pronouns" in capsys.readouterr().out
    assert words.main(["no_such_package"]) == 2
    assert "no_such_package" in capsys.readouterr().err
