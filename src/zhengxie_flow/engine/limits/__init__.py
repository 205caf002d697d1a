"""Time limits on a case: anchors, running clocks, last days, lawful dates.

A new unit goes into `model.counting`: into the literal it belongs to, and into `elapsed` or `in_working_days` there,
which say how it is counted.  Days are counted in `calendars`; how a unit lengthens a running limit stands in
`running_limit`, which act answers a limit at an instant in `judging.discharge`.  All of them are exhaustive matches, so
the type checker names every place that has to give the unit a meaning.

While a condition of a limit is unknown, `answers` works the limit out under every answer still possible.
"""
