"""Reports for people and programs outside: files made of deadlines and verdicts."""
