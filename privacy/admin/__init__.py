from privacy.admin.certificates import ScrubCertificateAdmin
from privacy.admin.retention import RetentionAdmin

__all__ = ["RetentionAdmin", "ScrubCertificateAdmin"]
