from config import ambient

ambient.forget()  # before any library reads them

from config.celery import app as celery_app  # noqa: E402

__all__ = ["celery_app"]
