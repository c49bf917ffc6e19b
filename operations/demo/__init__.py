"""Demonstration data: plausible, seeded, recognisable and removable.

Every assessment of it has a `session_id` that begins with MARK, every address ends with DOMAIN, and every
colleague has one of those addresses. Nothing of it is queued: no mail is sent and HubSpot hears nothing.
"""

MARK = "demo-"
DOMAIN = "demo.example"
