from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("projects", "0002_spaces_that_live")]

    operations = [
        migrations.AddField(
            model_name="space",
            name="stage_since",
            field=models.DateTimeField(null=True),
        ),
    ]
