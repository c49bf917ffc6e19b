"""The bell of this room."""

from queues import wakeup


def ring() -> None:
    """Ask any worker to deliver what is due."""
    wakeup.ring("hubspot_sync.tasks.deliver_due")
