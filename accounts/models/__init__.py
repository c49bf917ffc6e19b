from accounts.models.login_failures import LoginFailures
from accounts.models.session import StaffSession
from accounts.models.user import User

__all__ = ["LoginFailures", "StaffSession", "User"]
