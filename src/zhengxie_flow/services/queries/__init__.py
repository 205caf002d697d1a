"""Use cases that read: audit, possible acts, exemptions, coverage, scenarios."""
