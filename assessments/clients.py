"""Who asks: the address of the client, behind as many proxies as the operator says there are."""

from django.conf import settings
from django.http import HttpRequest


def address(request: HttpRequest) -> str:
    """The client's address: the peer, or the entry that the outermost trusted proxy appended.

    Entries further left are what the client claims; they are never believed (reliability 3.2).
    """
    peer: str = request.META.get("REMOTE_ADDR", "")
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if settings.TRUSTED_PROXY_COUNT else []
    if len(hops) < settings.TRUSTED_PROXY_COUNT or not hops:
        return peer
    return hops[-settings.TRUSTED_PROXY_COUNT].strip() or peer
