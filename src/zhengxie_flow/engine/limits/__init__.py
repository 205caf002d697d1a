"""Time limits on a case: anchors, running clocks, last days, lawful dates.

Where a new unit of time goes:

- Outside this package: `model.counting` (the literal it belongs to, and the functions below it, which say how it is
  counted: `elapsed`, `calendar_unit`, `instant_unit`, `in_working_days`, `unit_of_days`), then `calendars`
  (`arithmetic.shift` and `term.advance` for days, `hours.hours_end` for instants), and its label,
  ``calendar.unit.…`` in ``i18n/messages``.
- In this package: `clock_end` (``extend``, how the unit lengthens a clock, and ``units``).
- In the rest of the engine: ``_last_allowed`` of `findings.sequence` (how long one act may follow another); `judging`
  and `schedule` ask the functions of `model.counting` and `calendars`.

Each of these functions is an exhaustive match, so that the type checker names every one that has to give the unit a
meaning.  `term_rules` finds the rules by which a limit is counted: its own keys, its convention, the ordinary ones.

While a condition of a limit is unknown, `answers` works the limit out under every answer still possible.
"""
