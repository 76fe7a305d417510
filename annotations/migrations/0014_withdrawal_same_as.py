from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('annotations', '0013_contributor_has_tried'),
    ]

    operations = [
        migrations.AddField(
            model_name='withdrawal',
            name='same_as',
            field=models.UUIDField(editable=False, null=True),
        ),
    ]
