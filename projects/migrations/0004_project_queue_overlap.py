from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def say_that_all_have_followed(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Before, the overlap could change only while its records followed at once."""
    apps.get_model("projects", "Project").objects.update(queue_overlap=models.F("overlap"))


class Migration(migrations.Migration):
    dependencies = [("projects", "0003_space_stage_since")]

    operations = [
        migrations.AddField(
            model_name="project",
            name="queue_overlap",
            field=models.PositiveSmallIntegerField(default=3),
        ),
        migrations.RunPython(say_that_all_have_followed, migrations.RunPython.noop),
    ]
