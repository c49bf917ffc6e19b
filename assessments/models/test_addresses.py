"""Addresses by which the operator recognises tests."""

from fnmatch import fnmatchcase

from constance import config


def is_test_address(address: str) -> bool:
    """Whether the address matches one of TEST_ADDRESSES: `*@example.com` or a whole address."""
    return any(fnmatchcase(address.casefold(), each.casefold()) for each in config.TEST_ADDRESSES.split())
