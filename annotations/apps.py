from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_out


class AnnotationsConfig(AppConfig):
    name = "annotations"

    def ready(self) -> None:
        """Tasks listen to bells, which are rung in the web process too; who signs out has left."""
        import annotations.tasks  # noqa: F401

        user_logged_out.connect(_leave, dispatch_uid="annotations.leave")


def _leave(*, user: object, **_signal: object) -> None:
    """What somebody who signs out holds goes to others."""
    from accounts.models import User
    from annotations.domain import leasing

    if isinstance(user, User):
        leasing.leave_everything(by=user)
