"""The Celery application. Its settings are the `CELERY_…` ones of `dibt.settings`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dibt.settings")

app = Celery("dibt")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
