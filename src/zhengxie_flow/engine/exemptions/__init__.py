"""Exemptions: by law where their condition holds, and by grant; what they lift, how long they hold.

Where a new rule of exemptions goes: its key into `model.exemption`, its misuse into `reading.checks.exemptions`, its
texts into ``i18n/messages/exemptions.json``, and here, all in `grants` where nothing else is said:

- whether the exercise of a power is valid (once only, by whom, on what ground): ``_verdict_on``; an invalid one,
  one too late or undecided lifts nothing, one ill recorded is a fault that still lifts (``_LIFTS``); `advance` refuses
  by the same verdict, through ``refusals_for_grant``;
- what must be on record: ``_must_record``;
- how long it lifts: ``grant_of`` and ``_last_day``;
- which obligations it reaches: ``_entries``, and `doubtful` for reach that is still unknown;
- which items and editions: ``exemptions_reaching``, and `doubtful`;
- a shorter limit instead of none: ``with_granted_amount``;
- an exemption by law has no grant: ``judge_exemption`` and ``holds_at``.
"""
