"""A local simulator of a HubSpot account: contacts, deals and associations, with HubSpot's quirks and limits.

`python -m hubspot_simulator` serves it in a process of its own; `serve()` inside a test. Where a behaviour is
not documented, the body says so (errors.py) or a switch chooses (switches.py).
"""

from hubspot_simulator.account.switches import Switches
from hubspot_simulator.http.server import Running, serve

__all__ = ["Running", "Switches", "serve"]
