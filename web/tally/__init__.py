"""Counts that requests add to in Redis, and that a job takes out in batches.

A batch stays until it is dropped and has an id, so a job that was killed finds it again, and whoever stores
the ids with the counts counts each batch once.
"""
