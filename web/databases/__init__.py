"""How we speak with PostgreSQL: prepared statements, behind a pooler, with a replica."""
