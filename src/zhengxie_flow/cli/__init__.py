"""The command line: `entry.run` begins it, `main.main` is the program, each file of `commands/` is one command."""
