"""Writes docs/schema/ from the catalogue, the models and the notes beside them."""
