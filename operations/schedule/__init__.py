"""Periodic tasks: defined in code, stored in the database, editable in the admin, sent by beat."""
