"""The verdict on a duty: how it stands, its force, what it comes to."""
