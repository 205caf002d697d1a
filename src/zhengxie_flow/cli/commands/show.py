"""``zhengxie show``: one case, whole."""

from __future__ import annotations

from functools import partial

import typer

from zhengxie_flow.cli.options import Case
from zhengxie_flow.cli.session import session_of


def command(context: typer.Context, case: Case) -> None:
    """Show the state, facts, items, what is possible now and why the rest is not, deadlines and events."""
    from zhengxie_flow.cli import cases
    from zhengxie_flow.engine import deadlines
    from zhengxie_flow.services.below import with_below
    from zhengxie_flow.services.exemptions import of_case
    from zhengxie_flow.services.possible import possible
    from zhengxie_flow.services.subcases import standing

    session = session_of(context)
    wired = session.engine(read_only=True).context
    compiled, known = wired.read(case)
    labels = session.labels_for(case)
    today = wired.today(compiled)
    current = with_below(wired, compiled, known, today)
    limits = [row for row in deadlines(compiled, current, partial(wired.calendar, compiled), today) if row["open"]]
    actions = list(possible(wired, compiled, current))
    below = list(standing(wired, compiled, current))
    exempted = of_case(wired, compiled, known, today)
    session.say(
        {**cases.document(compiled, known, actions, limits, below, today), "exemptions": exempted},
        lambda paper: cases.text(paper, labels, known, actions, limits, below, today, exempted),
    )
