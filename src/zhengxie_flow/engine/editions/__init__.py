"""Editions of a process: which one governs, and other readings of the law."""
