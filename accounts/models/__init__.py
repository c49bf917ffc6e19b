from accounts.models.session import StaffSession
from accounts.models.user import User

__all__ = ["StaffSession", "User"]
