import gc

from config import ambient

ambient.remove_ambient_variables()  # before any library reads them
# Python's own 700 is for small programs: a tenth of each start went into looking for garbage among modules.
gc.set_threshold(50_000, 20, 20)

with ambient.hidden("opentelemetry.sdk.metrics"):  # redis loads it where it is, to count what nobody asks for
    import redis  # noqa: F401  # for its effect

from config.celery import app as celery_app  # noqa: E402  # after the call above

__all__ = ["celery_app"]
