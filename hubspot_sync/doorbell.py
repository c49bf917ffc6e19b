"""The bell of this room."""

from assessments import doorbell


def ring() -> None:
    """Ask any worker to deliver what is due."""
    doorbell.ring("hubspot_sync.tasks.deliver_due")
