from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Max


def note_the_last_release(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """What was published before projects had a field for it."""
    Project = apps.get_model("projects", "Project")  # noqa: N806  a model
    Release = apps.get_model("annotations", "Release")  # noqa: N806
    last = Release.objects.filter(state="published").values("project").annotate(at=Max("published_at"))
    for row in last:
        Project.objects.filter(pk=row["project"], released_at=None).update(released_at=row["at"])


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0001_initial"),
        ("projects", "0002_spaces_that_live"),
    ]

    operations = [migrations.RunPython(note_the_last_release, migrations.RunPython.noop)]
