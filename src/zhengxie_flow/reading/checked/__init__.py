"""The run of every check over a project, with what it found kept by the content of the files it was found in."""
