"""The version of the package, alone in a module so that any room may ask for it."""

__version__ = "0.12.0"
