"""Findings of the audit beside the duties: about acts, and about the record."""
