"""The background work of accounts; importing it registers the listeners of its bells."""

from accounts.tasks.mail import send

__all__ = ["send"]
