from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "projects"

    def ready(self) -> None:
        """Let the tasks register as listeners of their bells, in the web processes too."""
        from projects import tasks

        assert tasks  # importing them lets them listen to their bells
