"""Embedded PostgreSQL and Valkey, so that a checkout runs with nothing installed but Python.

`services` starts them for the length of a `with` block, `ensure` for the life of the process, and
`python -m config.embedded -- COMMAND` runs one command on a throw-away pair.
"""

from config.embedded.programs import ServiceError
from config.embedded.services import Services, ensure, running, services

__all__ = ["ServiceError", "Services", "ensure", "running", "services"]
