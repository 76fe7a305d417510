from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def take_that_of_the_project(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    projects = apps.get_model("projects", "Project").objects.filter(pk=models.OuterRef("project"))
    records = apps.get_model("annotations", "Record").objects
    records.update(overlap=models.Subquery(projects.values("overlap")[:1]))


class Migration(migrations.Migration):
    dependencies = [
        ("annotations", "0002_note_when_projects_were_released"),
        ("projects", "0004_project_queue_overlap"),
    ]

    operations = [
        migrations.AddField(
            model_name="record",
            name="overlap",
            field=models.PositiveSmallIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.RunPython(take_that_of_the_project, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="record",
            name="open_slots",
            field=models.SmallIntegerField(),
        ),
    ]
