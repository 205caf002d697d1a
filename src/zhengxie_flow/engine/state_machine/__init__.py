"""The state machines of cases and of their items."""
