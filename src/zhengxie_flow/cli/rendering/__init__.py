"""Results in words: one module for each kind of result."""
