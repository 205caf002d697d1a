"""Use cases that write: open, act, state, correct, import, move, erase, recount."""
