"""Results as people and programs are given them: documents as typed values, and the one serialiser; no framework."""
