"""Public helpers for tests of programs that embed the engine, and for new journals; import by module."""
