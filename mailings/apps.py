from django.apps import AppConfig


class MailingsConfig(AppConfig):
    name = "mailings"
    verbose_name = "Mail"

    def ready(self) -> None:
        from assessments.signals import lead_changed
        from mailings.queue import enqueue_result

        lead_changed.connect(enqueue_result, dispatch_uid="mailings.queue.enqueue_result")
