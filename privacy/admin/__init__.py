from privacy.admin.certificates import ScrubCertificateAdmin

__all__ = ["ScrubCertificateAdmin"]
