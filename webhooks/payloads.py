"""The body of a call and its signature. Pure: no database, no clock.

A body holds a link and nothing about the person: whoever may read the lead reads it behind the log-in.
"""

import hashlib
import hmac
import json
from collections.abc import Callable

from web import gettext_noop as _

TEXT = _("A new qualified lead is waiting to be called.")
OPEN_IT = _("Open it")


def payload_body(shape: str, link: str, lead: str, translate: Callable[[str], str] = str) -> bytes:
    """Return the JSON for Slack, Teams, or a program of one's own."""
    text, open_it = translate(TEXT), translate(OPEN_IT)
    if shape == "slack":
        content: dict[str, object] = {"text": f"{text} <{link}|{open_it}>"}
    elif shape == "teams":
        card = {
            "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
            "type": "AdaptiveCard",
            "version": "1.4",
            "body": [{"type": "TextBlock", "text": text, "wrap": True}],
            "actions": [{"type": "Action.OpenUrl", "title": open_it, "url": link}],
        }
        attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
        content = {"type": "message", "attachments": [attachment]}
    else:
        content = {"event": "lead.qualified", "lead": lead, "url": link}
    return json.dumps(content).encode()


def sign_payload(secret: str, seconds: int, content: bytes) -> str:
    """Return `t=1764360000,v1=<hex>`, the HMAC-SHA256 of `t.body`: a late replay is recognised."""
    digest = hmac.new(secret.encode(), b"%d." % seconds + content, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={digest}"
