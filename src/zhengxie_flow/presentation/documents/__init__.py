"""The documents of the commands, a file for each subject: typed values, and small functions that make them."""
