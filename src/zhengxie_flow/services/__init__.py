"""The use cases, one file each; they know ports and the pure engine, nothing of files or databases."""
