"""The canary: people whose every detail can be told apart go every way through the product, leaving no trace.

`script/manage privacy_canary` runs it with two hundred of them in a throw-away product, tests/test_canary.py
with a few. Encryption is off: encrypted values could not be searched for.
"""
