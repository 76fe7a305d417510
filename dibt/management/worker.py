"""The Celery application as `./run` starts it: its embedded beat ends with the worker, however that ends."""

from dibt.celery import app
from dibt.management.processes import forks_die_with_us

__all__ = ["app"]

forks_die_with_us()
