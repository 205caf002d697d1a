"""Findings of the audit beside the obligations: what no clause names but every audit looks for.

Where a new one goes: a function in `persons` (who acted), `sequence` (when) or `record` (proof), called in `collect`,
whose order is that of the audit; its id into `line` and ``IDS`` there; what it saw as a note into `model.findings`; its
label into ``i18n/messages/integrity.json`` and its sentence into `presentation.record_sentences`.  What `advance`
should refuse as well stands in ``refusals_for_actor`` of `authority`, asked where `compile` marks an action
``watched``.  An order that a clause demands is no finding but a limit.
"""
