"""Editing drafts as documents: a change is read, applied, checked and written in one transaction."""
