"""No text that reaches a calendar file ends its line there, adds an entry or names a property of its own."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import icalendar
from hypothesis import given, strategies as st

from zhengxie_flow.reports.ics import Entry, document
from zhengxie_flow.testing.builders import make_deadline, make_head

ENDS = ("\n", "\r\n", "\r", "\u0085", "\u2028", "\u2029", "\v", "\f", "\x1c")
FORGED = "END:VEVENT{0}BEGIN:VEVENT{0}SUMMARY:forged{0}ATTACH:http://example.org/"
PROPERTIES = {
    "BEGIN", "END", "VERSION", "PRODID", "METHOD", "X-WR-CALNAME", "UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART",
    "DTEND", "SUMMARY", "DESCRIPTION", "STATUS", "TRANSP",
}  # fmt: skip
hostile = st.one_of(
    st.text(max_size=30),
    st.tuples(st.text(max_size=5), st.sampled_from(ENDS)).map(lambda parts: parts[0] + FORGED.format(parts[1])),
    st.text(alphabet=':;,"\\^=\n\r\u2028 ATTACH', max_size=30),
)


@given(texts=st.lists(hostile, min_size=4, max_size=4))
def test_no_text_leaves_its_place(texts: list[str]) -> None:
    case, what, who, item = texts
    head = make_head(case or "c")
    row = make_deadline(case or "c", what or "o", date(2026, 3, 2), item=item or None)
    content = document([Entry(row, head, what, who)], datetime(2026, 3, 1, tzinfo=UTC), "en").decode()
    lines = re.sub("\r\n[ \t]", "", content).split("\r\n")
    names = [re.split("[:;]", line)[0] for line in lines if line]
    assert set(names) <= PROPERTIES
    assert names.count("SUMMARY") == lines.count("BEGIN:VEVENT") == 1
    assert not re.search("\r(?!\n)|(?<!\r)\n", content), "an end of line of another kind"
    (event,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert event.decoded("dtstart") == date(2026, 3, 2)
