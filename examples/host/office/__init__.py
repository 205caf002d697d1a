"""A host of the engine: an office's own register of letters, each with the legal procedure it starts."""
