"""How many, in words. Pure."""


def many(number: int, one: str) -> str:
    """`1 row`, `2,000 rows`: of a word that takes an s."""
    return f"{number:,} {one}" if number == 1 else f"{number:,} {one}s"
