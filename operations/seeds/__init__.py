"""Seed data: test users and test assessments, which count nowhere, and when seeds may be written at all."""
