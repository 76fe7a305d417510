"""The composition app: pages that belong to no other app, commands, static files."""

from django.apps import AppConfig

from dibt.celery import app as celery_app

__all__ = ["DibtConfig", "celery_app"]  # tasks bind to the Celery application that exists when Django starts


class DibtConfig(AppConfig):
    name = "dibt"
    label = "dibt"
    verbose_name = "Data is Better Together"

    def ready(self) -> None:
        from dibt import checks  # noqa: F401 - importing registers them
        from dibt.lib import folding  # noqa: F401 - importing teaches SQLite
