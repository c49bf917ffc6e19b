"""The product in real processes, while its surroundings fail: `script/chaos [CASE...]`.

A case breaks something, and at the end the history of both sides is compared: what was accepted is what was
applied, each effect once. Nothing in the product knows about this package.
"""
