from django.apps import AppConfig


class AnnotationsConfig(AppConfig):
    name = "annotations"

    def ready(self) -> None:
        """Tasks listen to bells, which are rung in the web process too."""
        import annotations.tasks  # noqa: F401
