"""What is handed to people and programs outside: files made of deadlines and verdicts."""
