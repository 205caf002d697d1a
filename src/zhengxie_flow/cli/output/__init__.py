"""Pages and streams: what goes to a terminal, a pipe or a file."""
