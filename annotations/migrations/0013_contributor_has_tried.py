from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('annotations', '0012_trial_answers'),
    ]

    operations = [
        migrations.AddField(
            model_name='contributor',
            name='has_tried',
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
