"""All cases, in the order of the issue's table."""

from tests.chaos.case import Case
from tests.chaos.cases import hubspot, kills, postgres, queue, redis

CASES: dict[str, Case] = {
    case.name: case for case in (*kills.CASES, *redis.CASES, *postgres.CASES, *hubspot.CASES, *queue.CASES)
}
