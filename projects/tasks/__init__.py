"""Background work of this app; importing it registers the tasks and the bells they listen to."""

from projects.tasks import prices, spaces, watching

__all__ = ["prices", "spaces", "watching"]
