"""Encrypted backups, their restore, and the proof that the newest one can be restored."""
