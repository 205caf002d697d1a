"""Results of the engine with a document of another shape: the function that builds it, by class."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from zhengxie_flow.model.event import Event
from zhengxie_flow.model.verdict import AlternativeAudit, Audit, CaseAudit
from zhengxie_flow.model.written import Written
from zhengxie_flow.presentation.documents.audits import audit_document, case_audit_document, reread_document
from zhengxie_flow.presentation.documents.events import event_document, written_document

FORMS: Final[Mapping[type[Any], Callable[[Any], Any]]] = {
    Audit: audit_document,
    CaseAudit: case_audit_document,
    AlternativeAudit: reread_document,
    Event: event_document,
    Written: written_document,
}
