"""The periodic tasks: defaults from the code, kept in the database, changed in the admin, sent by beat."""
