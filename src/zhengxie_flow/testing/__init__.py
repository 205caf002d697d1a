"""Public helpers for tests of programs that embed the engine, and for new journals: import what is needed by module."""
