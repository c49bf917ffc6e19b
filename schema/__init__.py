"""The schema as a document that validates itself, the rules of migrations, and baselines of queries."""
