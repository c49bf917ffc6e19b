from privacy.models.certificate import ScrubCertificate

__all__ = ["ScrubCertificate"]
