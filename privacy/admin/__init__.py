from privacy.admin.certificates import ScrubCertificateAdmin
from privacy.admin.person_log import PersonLogAdmin

__all__ = ["PersonLogAdmin", "ScrubCertificateAdmin"]
