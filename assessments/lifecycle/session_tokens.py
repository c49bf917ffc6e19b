"""Session tokens: random, and signed together with the version of the questionnaire that the session is of.

So a save knows what may be answered before it has read the session. A token that is not signed by us, such as
one of an earlier release, is a token all the same: only its hash decides what it opens.
"""

import secrets
from uuid import UUID

from django.core.signing import BadSignature, Signer

TOKEN_BYTES = 32  # 256 bits
SALT = "assessments.lifecycle.session_tokens"


def new_token(version_id: UUID) -> str:
    return Signer(salt=SALT).sign(f"{secrets.token_urlsafe(TOKEN_BYTES)}.{version_id.hex}")


def version_of(token: str) -> UUID | None:
    """The version that was signed with this token; None if none was."""
    try:
        return UUID(Signer(salt=SALT).unsign(token).rpartition(".")[2])
    except (BadSignature, ValueError):
        return None
