"""Background work of this app; importing it registers the tasks and the bells they listen to."""

from projects.tasks import spaces

__all__ = ["spaces"]
