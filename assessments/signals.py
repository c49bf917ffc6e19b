"""The one way up: what stands above hears that a lead changed.

`lead_changed` is sent with `.send()` inside the transaction that changed the lead, so the lead and
whatever its receivers write commit or fail together. Receivers only insert queue rows. A lead is whoever left
an address, also in a run that is still open: its contact details are in the session then.

Receivers: hubspot_sync.delivery.enqueue.enqueue_lead mailings.queue.enqueue_result
"""

from django.dispatch import Signal

lead_changed = Signal()  # sender=Assessment, assessment=<the lead>
