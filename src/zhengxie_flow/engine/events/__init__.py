"""From commands to events and from events to the case."""
