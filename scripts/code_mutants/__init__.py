"""Mutation testing of Python code: mutmut writes the mutants, a forked test process tries each."""
