"""Time limits on a case: anchors, running clocks, last days, lawful dates.

The units are declared in `model.counting` and counted in `calendars`; here they are applied to a case.
"""
