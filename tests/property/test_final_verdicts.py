"""A verdict that is final as of a day stays final on every later day, as long as nobody learns anything new.

Over the shipped processes: the stories of their scenarios, any part of each, audited on any two days.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from hypothesis import given, settings, strategies as st
from tests.support import cn, tries

from zhengxie_flow.bootstrap import project_files
from zhengxie_flow.engine import audit, compile_process, derive
from zhengxie_flow.engine.events.attribution import Attribution
from zhengxie_flow.errors import ZhengxieError
from zhengxie_flow.model.scenario import Scenario
from zhengxie_flow.model.verdict import Verdict
from zhengxie_flow.reading.sources import read_stories
from zhengxie_flow.services.commands.case_script import ScriptSource, begin, instant, opening_of

FILES = project_files(None)
STORIES = [
    told.scenario
    for path in FILES.scenarios()
    for told in read_stories(path, FILES.root, [])
    if isinstance(told.scenario, Scenario) and told.scenario.events and told.scenario.known_at is None
]
FINAL = {
    Verdict.BREACH, Verdict.PASS, Verdict.DEVIATION, Verdict.DEVIATION_JUSTIFIED, Verdict.LAPSED, Verdict.OUT_OF_TIME,
    Verdict.DEEMED, Verdict.EXEMPT, Verdict.INVALID, Verdict.CAPPED,
}  # fmt: skip
OPEN = {Verdict.PENDING, Verdict.PROVISIONAL}


@lru_cache
def compiled(process):
    return compile_process(FILES.load(process).definition)


def known(_):
    """The calendar with every notice that is out: no notice comes out between the two days."""
    return cn(date(2026, 11, 20))


def told(scenario, kept):
    """The story without some of its happenings; one that cannot follow is left out too."""
    process = compiled(scenario.process)
    first = scenario.events[0].at
    day = min(first if type(first) is date else first.date(), scenario.as_of)
    story, _ = begin(
        ScriptSource(process, known),
        "c",
        opening_of(scenario.given),
        Attribution(by=None, at=day),
        instant(day, process),
    )
    for happening, keep in zip(scenario.events, kept, strict=False):
        if not keep:
            continue
        try:
            for _ in story.apply(happening, instant(happening.known or happening.at, process)):
                pass
        except ZhengxieError:
            continue
    return story, day


def lines(result):
    """The worst of each duty and item."""
    found = {}
    for line in result.verdicts:
        if not line.is_action and not line.obligation.startswith("integrity."):
            found[line.obligation, line.item] = line
    return found


def final(line, as_of):
    """Whether a line is settled; an exemption is, once the duty was performed or fell due."""
    if line.verdict is Verdict.EXEMPT:
        return line.actual is not None or (line.day is not None and line.day < as_of)
    return line.verdict in FINAL


@settings(max_examples=tries(150))
@given(
    st.sampled_from(STORIES),
    st.lists(st.integers(0, 9).map(bool), min_size=40, max_size=40),
    st.integers(0, 250),
    st.integers(0, 250),
)
def test_a_final_verdict_never_returns_to_pending(scenario, kept, one, other):
    story, day = told(scenario, kept)
    first, second = (day + timedelta(days=n) for n in sorted((one, other)))
    before = lines(audit(derive(story.compiled, story.case, known, first)))
    after = lines(audit(derive(story.compiled, story.case, known, second)))
    for key, line in before.items():
        if final(line, first) and key in after:
            assert after[key].verdict not in OPEN, (key, line, after[key])
