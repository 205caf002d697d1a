"""Pure values: what a definition, a case, an event and a verdict are; nothing here reads, counts or decides."""
