from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

BEFORE_ALL = -(2**62)


def have_all_looked_through(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Before, records could stay behind unnoticed; where none did, the sweep finds that out at once."""
    apps.get_model("projects", "Project").objects.update(followed_to=BEFORE_ALL)


class Migration(migrations.Migration):
    dependencies = [("projects", "0005_named_entities_task")]

    operations = [
        migrations.AddField(
            model_name="project",
            name="followed_to",
            field=models.BigIntegerField(null=True),
        ),
        migrations.RunPython(have_all_looked_through, migrations.RunPython.noop),
        migrations.RemoveField(model_name="project", name="queue_overlap"),
    ]
