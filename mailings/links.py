"""The links in a mail: created once, before the first attempt, and reused by each retry.

Tokens are derived from the mail's id and its recipient, so they are not stored.
"""

import base64
import uuid
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from assessments.lifecycle.assessment_links import links_end_at
from assessments.models import Assessment, AssessmentLink, LinkPurpose, PrivacyLink
from encryption.email_addresses import canonical_address
from mailings.kinds import kind_of
from mailings.models import Mail
from mailings.stops import stop_token
from web.page_urls import page_url


@dataclass(frozen=True, slots=True)
class Links:
    """Absolute URLs; '' for links that this mail does not have."""

    privacy_url: str = ""
    confirm_url: str = ""
    report_url: str = ""
    resume_url: str = ""
    resume_until: datetime | None = None
    stop_url: str = ""


def make_links(mail: Mail, assessment: Assessment, address: str) -> Links:
    """Get or create the rows of its links, and return their URLs."""
    kind = kind_of(mail)
    key = privacy_key(mail, assessment, address) if kind.has_key else ""
    return Links(
        privacy_url=absolute_url(page_url("privacy_link", key) if key else page_url("privacy")),
        confirm_url=absolute_url(page_url("confirm_link", key)) if kind.confirms else "",
        report_url=report_url(mail, assessment, address) if kind.has_report else "",
        resume_url=public_url("assessments:continue", mail.link.token) if mail.link else "",
        resume_until=mail.link.expires_at if mail.link else None,
        stop_url=public_url("stop_mails", stop_token(mail)),
    )


def privacy_key(mail: Mail, assessment: Assessment, address: str) -> str:
    """Create or renew the key to the privacy page; return its token."""
    token = mail_token(mail, "privacy", address)
    PrivacyLink.objects.mail(assessment, address=address, token=token)
    return token


def report_url(mail: Mail, assessment: Assessment, address: str) -> str:
    """Return the URL of the report; the token derives from the link's id, which derives from the mail."""
    key = uuid.UUID(bytes=link_digest(mail, "report", address)[:16], version=4)
    link = AssessmentLink.objects.make_once(
        key, assessment, LinkPurpose.REPORT, expires_at=links_end_at(assessment), owner=address
    )
    return public_url("assessments:mailed_report", link.token)


def mail_token(mail: Mail, purpose: str, address: str) -> str:
    """Return a deterministic 256-bit token; it becomes invalid when SECRET_KEY changes."""
    return base64.urlsafe_b64encode(link_digest(mail, purpose, address)).decode().rstrip("=")


def link_digest(mail: Mail, purpose: str, address: str) -> bytes:
    what = f"{mail.pk}\n{purpose}\n{canonical_address(address)}"
    return salted_hmac("mailings.links", what, algorithm="sha256").digest()


def public_url(name: str, *arguments: str) -> str:
    return absolute_url(reverse(name, args=arguments))


def absolute_url(path: str) -> str:
    return f"{settings.PUBLIC_URL}{path}"
