"""Every lawful date of a process from the days that are set."""

from __future__ import annotations

from datetime import date

import pytest
from tests.support import cn, mini

from zhengxie_flow.engine.limits.schedule import schedule

TODAY = date(2026, 1, 5)
CALENDAR = cn(date(2026, 11, 22))


def spans(today: date | None = None, **plans: date):
    return schedule(mini(), CALENDAR, plans, today).spans


def test_from_a_session_every_other_day_follows():
    found = spans(hold=date(2026, 3, 4), finish=date(2026, 3, 4))
    assert found["notify"].latest.day == date(2026, 2, 5)
    assert found["notify"].latest.because == ("a2.notice",)
    assert found["conclude"].latest.day == date(2026, 3, 11)
    assert found["report"].latest.day == date(2026, 3, 18)
    assert found["report"].latest.because == ("a4.report", "a3.conclude")


def test_if_notified_today_the_earliest_lawful_session():
    assert spans(notify=date(2026, 2, 5))["hold"].earliest.day == date(2026, 3, 4)
    assert spans(notify=date(2026, 2, 6))["hold"].earliest.day == date(2026, 3, 5)


def test_back_from_a_report():
    found = spans(report=date(2026, 3, 18))
    assert (found["conclude"].earliest.day, found["conclude"].latest.day) == (date(2026, 3, 11), date(2026, 3, 18))
    assert (found["finish"].earliest.day, found["finish"].latest.day) == (date(2026, 3, 4), date(2026, 3, 18))


def test_a_plan_that_cannot_be_kept_names_the_limit_and_says_what_could():
    result = schedule(mini(), CALENDAR, {"hold": date(2026, 3, 4)}, today=date(2026, 2, 9))
    (clash,) = [one for one in result.clashes if one.action == "notify"]
    assert clash.because == ("a2.notice",)
    assert clash.instead["hold"].earliest.day == date(2026, 3, 6)


def test_two_set_days_against_each_other():
    result = schedule(mini(), CALENDAR, {"finish": date(2026, 3, 4), "report": date(2026, 3, 30)})
    assert result.clashes
    assert set(result.clashes[0].because) == {"a3.conclude", "a4.report"}
    assert result.clashes[0].instead["report"].latest.day == date(2026, 3, 18)
    assert result.clashes[0].instead["finish"].earliest.day == date(2026, 3, 16)


def test_nothing_set_nothing_bounded_but_by_today():
    assert all(span.latest is None for span in spans().values())
    assert {span.earliest.day for name, span in spans(TODAY).items() if name in ("notify", "finish")} == {TODAY}
    assert spans(TODAY)["hold"].earliest.day == date(2026, 1, 24)  # a Saturday: the law counts days, not habits


def test_days_in_an_unannounced_year_are_provisional():
    result = schedule(mini(), CALENDAR, {"finish": date(2026, 12, 21)})
    assert not result.spans["conclude"].latest.firm
    assert schedule(mini(), CALENDAR, {"finish": date(2026, 11, 23)}).spans["conclude"].latest.firm


def test_a_day_counted_back_over_unannounced_days_is_provisional():
    result = schedule(mini(), CALENDAR, {"hold": date(2026, 12, 25)})
    assert (result.spans["notify"].latest.day, result.spans["notify"].latest.firm) == (date(2026, 12, 4), False)


@pytest.mark.parametrize("hold", [date(2026, 3, 4), date(2026, 10, 29), date(2026, 1, 8), date(2026, 6, 24)])
def test_there_and_back_is_the_same(hold):
    latest = spans(hold=hold)["notify"].latest.day
    assert spans(notify=latest)["hold"].earliest.day <= hold
    assert spans(notify=date.fromordinal(latest.toordinal() + 1))["hold"].earliest.day > hold
