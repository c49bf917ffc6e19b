"""What the German catalogue of django-celery-beat lacks, or says of a job in other words than ours."""

from django.utils.translation import gettext_noop

BEAT_WORDS = (
    gettext_noop(
        'Cron Days Of The Week to Run. Use "*" for "all", Sunday is 0 or 7, Monday is 1. (Example: "0,5")'
    ),
    gettext_noop('Cron Months (1-12) Of The Year to Run. Use "*" for "all". (Example: "1,12")'),
)
