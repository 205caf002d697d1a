"""``zhengxie doctor``: examine the installation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from zhengxie_flow.cli.failures import DONE, NO
from zhengxie_flow.cli.session import Session, session_of
from zhengxie_flow.errors import ZhengxieError

if TYPE_CHECKING:
    from zhengxie_flow.bootstrap.installation import Installation
    from zhengxie_flow.cli.output.page import Page
    from zhengxie_flow.presentation.documents.health import Health


def command(context: typer.Context) -> int:
    """Examine versions, project, calendar, clock and database, and who may read its files; exit 1 on a failure."""
    from zhengxie_flow.bootstrap.installation import examine
    from zhengxie_flow.presentation.documents.health import health_document

    session = session_of(context)
    health = health_document(examine(_installation(session)), session.message_language)
    session.say(health, lambda page: _text(page, health))
    return DONE if health.healthy else NO


def _installation(session: Session) -> Installation:
    """The installation by its settings, or what can be known of it without them."""
    from zhengxie_flow.bootstrap import SystemClock
    from zhengxie_flow.bootstrap.installation import Installation

    try:
        return Installation(session.folder, session.settings.db, session.clock)
    except ZhengxieError as error:
        return Installation(None, None, SystemClock(), error)


_STYLES = {"ok": "pass", "warning": "warning", "failed": "error"}


def _text(page: Page, health: Health) -> None:
    for part in health.checks:
        page.line((page.say(f"doctor.status.{part.status}"), _STYLES[part.status]), part.message)
        if part.fix:
            page.line(page.labelled("cli.fix", [part.fix]), indent=2)
    page.line((page.say("doctor.healthy" if health.healthy else "doctor.unhealthy"), "strong"))
