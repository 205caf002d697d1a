"""The command line: `main.run` is the program, each file of `commands/` is one command."""
