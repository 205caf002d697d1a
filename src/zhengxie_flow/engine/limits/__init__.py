"""Time limits on a case: anchors, running clocks, last days, lawful dates."""
