"""Embedded PostgreSQL and Valkey, so that a checkout needs nothing but Python.

`services` starts them for a `with` block, `ensure` for the lifetime of the process, and
`python -m config.embedded -- COMMAND` runs one command on a temporary pair.
"""

from config.embedded.programs import ServiceError
from config.embedded.services import Services, ensure_services, running_services, services

__all__ = ["ServiceError", "Services", "ensure_services", "running_services", "services"]
