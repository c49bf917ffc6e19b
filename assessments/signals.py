"""The `lead_changed` signal: announces a changed lead to the apps above.

`lead_changed` is sent with `.send()` inside the transaction that changed the lead, so the lead and the
rows of its receivers commit or fail together. Receivers only insert queue rows. A lead is an assessment
with an address; while it is unfinished, its contact details are in the session.

Receivers: hubspot_sync.delivery.enqueue.enqueue_lead mailings.queue.enqueue_for_lead
"""

from django.dispatch import Signal

lead_changed = Signal()  # sender=Assessment, assessment=<the lead>
