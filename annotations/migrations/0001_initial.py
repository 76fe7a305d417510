
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('projects', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ProjectTotals',
            fields=[
                ('records', models.IntegerField(default=0)),
                ('complete', models.IntegerField(default=0)),
                ('responses', models.IntegerField(default=0)),
                ('contributors', models.IntegerField(default=0)),
                ('project', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='totals', serialize=False, to='projects.project')),
                ('folded_at', models.DateTimeField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Contributor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('pseudonym', models.CharField(max_length=60)),
                ('licence', models.CharField(blank=True, max_length=20)),
                ('licence_accepted_at', models.DateTimeField(null=True)),
                ('submitted_count', models.PositiveIntegerField(default=0)),
                ('skipped_count', models.PositiveIntegerField(default=0)),
                ('last_queue_key', models.BigIntegerField(default=-1)),
                ('joined_at', models.DateTimeField()),
                ('last_answer_at', models.DateTimeField(null=True)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contributors', to='projects.project')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='contributions', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Import',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('lease_holder', models.UUIDField(editable=False, null=True)),
                ('leased_until', models.DateTimeField(editable=False, null=True)),
                ('created_at', models.DateTimeField()),
                ('folder', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('file_name', models.CharField(max_length=255)),
                ('size', models.BigIntegerField()),
                ('file_format', models.CharField(max_length=8)),
                ('state', models.CharField(choices=[('uploaded', 'Uploaded'), ('checking', 'Being checked'), ('checked', 'Checked, nothing imported yet'), ('committing', 'Being imported'), ('done', 'Imported'), ('failed', 'Failed'), ('cancelled', 'Cancelled')], default='uploaded', max_length=10)),
                ('mapping', models.JSONField(default=dict)),
                ('rows_read', models.PositiveIntegerField(default=0)),
                ('rows_good', models.PositiveIntegerField(default=0)),
                ('rows_refused', models.PositiveIntegerField(default=0)),
                ('report', models.JSONField(default=dict)),
                ('error', models.TextField(blank=True)),
                ('attempt', models.PositiveSmallIntegerField(default=0)),
                ('started_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='imports', to='projects.project')),
                ('schema_version', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='projects.schemaversion')),
            ],
            options={
                'ordering': ('-created_at', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='ProjectDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('records', models.IntegerField(default=0)),
                ('complete', models.IntegerField(default=0)),
                ('responses', models.IntegerField(default=0)),
                ('contributors', models.IntegerField(default=0)),
                ('day', models.DateField()),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='days', to='projects.project')),
            ],
            options={
                'ordering': ('day',),
            },
        ),
        migrations.CreateModel(
            name='Record',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('external_id', models.CharField(max_length=200)),
                ('content_hash', models.CharField(max_length=64)),
                ('fields', models.JSONField()),
                ('metadata', models.JSONField(default=dict)),
                ('suggestions', models.JSONField(default=dict)),
                ('queue_key', models.BigIntegerField()),
                ('open_slots', models.PositiveSmallIntegerField()),
                ('submitted_count', models.PositiveSmallIntegerField(default=0)),
                ('imported_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='records', to='annotations.import')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='records', to='projects.project')),
            ],
            options={
                'ordering': ('queue_key',),
            },
        ),
        migrations.CreateModel(
            name='Lapse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField()),
                ('contributor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lapses', to='annotations.contributor')),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lapses', to='annotations.record')),
            ],
        ),
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField(db_index=True)),
                ('contributor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='assignments', to='annotations.contributor')),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='assignments', to='annotations.record')),
            ],
        ),
        migrations.CreateModel(
            name='Release',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('lease_holder', models.UUIDField(editable=False, null=True)),
                ('leased_until', models.DateTimeField(editable=False, null=True)),
                ('number', models.PositiveIntegerField()),
                ('state', models.CharField(choices=[('requested', 'Being made'), ('not_built', 'Could not be made'), ('built', 'Ready to download'), ('publishing', 'Being published'), ('not_published', 'Could not be published'), ('published', 'Published')], default='requested', max_length=13)),
                ('folder', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField()),
                ('manifest', models.JSONField(default=dict)),
                ('built_at', models.DateTimeField(null=True)),
                ('repo_id', models.CharField(blank=True, max_length=200)),
                ('commit', models.CharField(blank=True, max_length=64)),
                ('url', models.URLField(blank=True, max_length=300)),
                ('published_at', models.DateTimeField(null=True)),
                ('attempt', models.PositiveSmallIntegerField(default=0)),
                ('error', models.TextField(blank=True)),
                ('due_at', models.DateTimeField()),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='releases', to='projects.project')),
                ('schema_version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='releases', to='projects.schemaversion')),
            ],
            options={
                'ordering': ('project', '-number'),
            },
        ),
        migrations.CreateModel(
            name='Response',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('values', models.JSONField()),
                ('surplus', models.BooleanField(default=False)),
                ('submitted_at', models.DateTimeField()),
                ('contributor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='responses', to='annotations.contributor')),
                ('guidelines_version', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='responses', to='projects.guidelinesversion')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='responses', to='projects.project')),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='responses', to='annotations.record')),
                ('schema_version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='responses', to='projects.schemaversion')),
            ],
        ),
        migrations.CreateModel(
            name='Skip',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField()),
                ('contributor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='skips', to='annotations.contributor')),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='skips', to='annotations.record')),
            ],
        ),
        migrations.CreateModel(
            name='TotalsDelta',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('records', models.IntegerField(default=0)),
                ('complete', models.IntegerField(default=0)),
                ('responses', models.IntegerField(default=0)),
                ('contributors', models.IntegerField(default=0)),
                ('day', models.DateField()),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='totals_deltas', to='projects.project')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddIndex(
            model_name='contributor',
            index=models.Index(models.F('project'), models.OrderBy(models.F('submitted_count'), descending=True), models.F('id'), condition=models.Q(('submitted_count__gt', 0)), name='contributor_board'),
        ),
        migrations.AddConstraint(
            model_name='contributor',
            constraint=models.UniqueConstraint(fields=('project', 'user'), name='one_contributor_each'),
        ),
        migrations.AddConstraint(
            model_name='contributor',
            constraint=models.UniqueConstraint(fields=('project', 'pseudonym'), name='pseudonym_once'),
        ),
        migrations.AddConstraint(
            model_name='projectday',
            constraint=models.UniqueConstraint(fields=('project', 'day'), name='one_row_a_day'),
        ),
        migrations.AddIndex(
            model_name='record',
            index=models.Index(condition=models.Q(('open_slots__gt', 0)), fields=['project', 'queue_key'], name='record_with_room'),
        ),
        migrations.AddConstraint(
            model_name='record',
            constraint=models.UniqueConstraint(fields=('project', 'external_id'), name='external_id_once'),
        ),
        migrations.AddConstraint(
            model_name='record',
            constraint=models.UniqueConstraint(fields=('project', 'queue_key'), name='queue_key_once'),
        ),
        migrations.AddConstraint(
            model_name='lapse',
            constraint=models.UniqueConstraint(fields=('record', 'contributor'), name='lapsed_once'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.UniqueConstraint(fields=('record', 'contributor'), name='assigned_once'),
        ),
        migrations.AddConstraint(
            model_name='release',
            constraint=models.UniqueConstraint(fields=('project', 'number'), name='release_numbered_once'),
        ),
        migrations.AddConstraint(
            model_name='release',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'requested')), fields=('project',), name='one_release_being_made'),
        ),
        migrations.AddConstraint(
            model_name='release',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'publishing')), fields=('project',), name='one_release_being_published'),
        ),
        migrations.AddIndex(
            model_name='response',
            index=models.Index(fields=['contributor', '-submitted_at'], name='response_mine'),
        ),
        migrations.AddConstraint(
            model_name='response',
            constraint=models.UniqueConstraint(fields=('record', 'contributor'), name='answered_once'),
        ),
        migrations.AddConstraint(
            model_name='skip',
            constraint=models.UniqueConstraint(fields=('record', 'contributor'), name='skipped_once'),
        ),
    ]
