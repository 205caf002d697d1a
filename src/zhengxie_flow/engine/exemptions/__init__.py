"""Exemptions: grants, what they lift, how long they hold."""
