"""Findings of the audit beside the duties.

A new one is a function in `persons` (who acted), `sequence` (when) or `record` (proof), called in `collect`; its id and
its line are in `line`.
"""
