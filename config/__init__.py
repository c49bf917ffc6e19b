from config import ambient

ambient.remove_ambient_variables()  # before any library reads them

from config.celery import app as celery_app  # noqa: E402  # after the call above

__all__ = ["celery_app"]
