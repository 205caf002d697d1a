"""Results for people and programs: documents, labels and phrases as values, and the one serialiser; no framework."""
