"""A HubSpot account that runs here: contacts, deals and their links, with HubSpot's manners and limits.

`python -m hubspot_sync.simulator` serves it in a process of its own; `serve()` inside a test.
Where a behaviour is not documented, the body says so (errors.py) or a switch chooses (switches.py).
"""

from .server import Running, serve
from .switches import Switches

__all__ = ["Running", "Switches", "serve"]
