"""Data is Better Together: the platform communities use to build the datasets open source lacks."""

from dibt.celery import app as celery_app

__all__ = ["celery_app"]
