
import django.core.validators
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Cohort',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=60, unique=True)),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('description', models.TextField(blank=True, max_length=4000, verbose_name='description')),
                ('opens_at', models.DateTimeField(verbose_name='opens')),
                ('closes_at', models.DateTimeField(verbose_name='closes')),
                ('seats', models.PositiveSmallIntegerField(default=10, verbose_name='seats')),
                ('monthly_budget', models.DecimalField(decimal_places=2, default=0, max_digits=9, verbose_name='hosting budget a month, in US dollars')),
                ('hosting_organisation', models.CharField(max_length=96, verbose_name='organisation that hosts the Spaces')),
                ('wanted_languages', models.JSONField(blank=True, default=list, verbose_name='wanted languages')),
                ('wanted_domains', models.JSONField(blank=True, default=list, verbose_name='wanted domains')),
                ('wanted_tasks', models.JSONField(blank=True, default=list, verbose_name='wanted tasks')),
                ('is_published', models.BooleanField(default=False, verbose_name='published')),
                ('edition', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField()),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-opens_at',),
            },
        ),
        migrations.CreateModel(
            name='Application',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120, verbose_name='title')),
                ('pitch', models.TextField(max_length=2000, verbose_name='pitch')),
                ('languages', models.JSONField(default=list, verbose_name='languages')),
                ('domain', models.CharField(choices=[('general', 'General'), ('conversation', 'Conversation'), ('news', 'News and media'), ('social_media', 'Social media'), ('education', 'Education'), ('health', 'Health'), ('law', 'Law and public life'), ('science', 'Science and technology'), ('culture', 'Culture and literature'), ('other', 'Something else')], max_length=20, verbose_name='domain')),
                ('task_kind', models.CharField(choices=[('prompt_rating', 'Prompt rating'), ('text_classification', 'Text classification'), ('preference', 'Preference between two answers'), ('translation_review', 'Translation review')], max_length=30, verbose_name='task')),
                ('data_source', models.TextField(max_length=1000, verbose_name='where the data comes from')),
                ('licence', models.CharField(choices=[('cc0-1.0', 'CC0 1.0'), ('cc-by-4.0', 'CC BY 4.0'), ('cc-by-sa-4.0', 'CC BY-SA 4.0'), ('apache-2.0', 'Apache 2.0'), ('mit', 'MIT'), ('odc-by', 'ODC-BY')], max_length=20, verbose_name='licence')),
                ('target', models.PositiveIntegerField(default=500, verbose_name='records to annotate')),
                ('access', models.CharField(choices=[('open', 'Everybody'), ('organisation', 'Members of one Hub organisation')], default='open', max_length=12, verbose_name='who may take part')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Submitted'), ('accepted', 'Accepted'), ('declined', 'Declined'), ('confirmed', 'Confirmed'), ('withdrawn', 'Withdrawn')], default='draft', max_length=12)),
                ('edition', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField()),
                ('updated_at', models.DateTimeField()),
                ('submitted_at', models.DateTimeField(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('feedback', models.TextField(blank=True, max_length=4000)),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('lead', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='applications', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.huborganisation')),
                ('cohort', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='applications', to='projects.cohort')),
            ],
            options={
                'ordering': ('-updated_at', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='Project',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120, verbose_name='title')),
                ('pitch', models.TextField(max_length=2000, verbose_name='pitch')),
                ('languages', models.JSONField(default=list, verbose_name='languages')),
                ('domain', models.CharField(choices=[('general', 'General'), ('conversation', 'Conversation'), ('news', 'News and media'), ('social_media', 'Social media'), ('education', 'Education'), ('health', 'Health'), ('law', 'Law and public life'), ('science', 'Science and technology'), ('culture', 'Culture and literature'), ('other', 'Something else')], max_length=20, verbose_name='domain')),
                ('task_kind', models.CharField(choices=[('prompt_rating', 'Prompt rating'), ('text_classification', 'Text classification'), ('preference', 'Preference between two answers'), ('translation_review', 'Translation review')], max_length=30, verbose_name='task')),
                ('data_source', models.TextField(max_length=1000, verbose_name='where the data comes from')),
                ('licence', models.CharField(choices=[('cc0-1.0', 'CC0 1.0'), ('cc-by-4.0', 'CC BY 4.0'), ('cc-by-sa-4.0', 'CC BY-SA 4.0'), ('apache-2.0', 'Apache 2.0'), ('mit', 'MIT'), ('odc-by', 'ODC-BY')], max_length=20, verbose_name='licence')),
                ('target', models.PositiveIntegerField(default=500, verbose_name='records to annotate')),
                ('access', models.CharField(choices=[('open', 'Everybody'), ('organisation', 'Members of one Hub organisation')], default='open', max_length=12, verbose_name='who may take part')),
                ('slug', models.SlugField(max_length=80, unique=True)),
                ('state', models.CharField(choices=[('setup', 'Being set up'), ('open', 'Open'), ('paused', 'Paused'), ('completed', 'Completed'), ('archived', 'Archived')], default='setup', max_length=12)),
                ('overlap', models.PositiveSmallIntegerField(default=3, verbose_name='answers per record')),
                ('created_at', models.DateTimeField()),
                ('opened_at', models.DateTimeField(null=True)),
                ('completed_at', models.DateTimeField(null=True)),
                ('application', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='project', to='projects.application')),
                ('cohort', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='projects', to='projects.cohort')),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.huborganisation')),
            ],
            options={
                'ordering': ('-opened_at', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='GuidelinesVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('text', models.TextField(max_length=40000)),
                ('created_at', models.DateTimeField()),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='guidelines_versions', to='projects.project')),
            ],
            options={
                'ordering': ('project', '-number'),
            },
        ),
        migrations.CreateModel(
            name='ProjectRole',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('lead', 'Lead'), ('co_lead', 'Co-lead')], max_length=8)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='roles', to='projects.project')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='project_roles', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddField(
            model_name='project',
            name='leads',
            field=models.ManyToManyField(related_name='led_projects', through='projects.ProjectRole', to=settings.AUTH_USER_MODEL),
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('need', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)], verbose_name='Need: does open source lack this data?')),
                ('feasibility', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)], verbose_name='Feasibility: can this group do it?')),
                ('community', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)], verbose_name='Community: will people take part?')),
                ('comment', models.TextField(blank=True, max_length=4000, verbose_name='comment')),
                ('edition', models.PositiveIntegerField()),
                ('updated_at', models.DateTimeField()),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reviews', to='projects.application')),
                ('reviewer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('updated_at', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='SchemaVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('definition', models.JSONField()),
                ('created_at', models.DateTimeField()),
                ('frozen_at', models.DateTimeField(null=True)),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='schema_versions', to='projects.project')),
            ],
            options={
                'ordering': ('project', '-number'),
            },
        ),
        migrations.CreateModel(
            name='Space',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('lease_holder', models.UUIDField(editable=False, null=True)),
                ('leased_until', models.DateTimeField(editable=False, null=True)),
                ('provision_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('owner', models.CharField(max_length=96)),
                ('name', models.CharField(max_length=96)),
                ('visibility', models.CharField(choices=[('public', 'Everybody'), ('private', 'Members of the hosting organisation')], default='public', max_length=8)),
                ('hardware', models.CharField(default='cpu-basic', max_length=40)),
                ('sleep_seconds', models.PositiveIntegerField(null=True)),
                ('secrets_box', models.TextField()),
                ('state', models.CharField(choices=[('requested', 'Requested'), ('working', 'Being set up'), ('ready', 'Ready'), ('failed', 'Needs a person')], default='requested', max_length=10)),
                ('stage', models.CharField(blank=True, max_length=40)),
                ('url', models.URLField(blank=True, max_length=300)),
                ('checked_at', models.DateTimeField(null=True)),
                ('requested_at', models.DateTimeField()),
                ('ready_at', models.DateTimeField(null=True)),
                ('due_at', models.DateTimeField()),
                ('rebuilt_at', models.DateTimeField(null=True)),
                ('log_tail', models.TextField(blank=True)),
                ('proof', models.CharField(choices=[('none', 'Not begun'), ('written', 'The mark is written'), ('stopped', 'The Space was stopped'), ('read', 'The mark was read again')], default='none', max_length=8)),
                ('proof_at', models.DateTimeField(null=True)),
                ('proven_at', models.DateTimeField(null=True)),
                ('project', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='space', to='projects.project')),
                ('requested_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='SpaceStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(choices=[('preflight', "Check the platform's account and the organisation"), ('bucket', 'Make a bucket that keeps the data'), ('space', 'Make the Space from the template'), ('settings', 'Set its secrets, variables, volume and hardware'), ('files', 'Write its card and sign-in'), ('running', 'Wait until it runs'), ('argilla', 'Wait until Argilla answers'), ('proof', 'Prove that its data survives a restart'), ('sign_in', 'Check that people can sign in with Hugging Face')], max_length=30)),
                ('position', models.PositiveSmallIntegerField()),
                ('state', models.CharField(choices=[('pending', 'Not yet'), ('working', 'Working'), ('waiting', 'Will be tried again'), ('done', 'Done'), ('failed', 'Failed')], default='pending', max_length=8)),
                ('attempt', models.PositiveIntegerField(default=0)),
                ('started_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('next_retry_at', models.DateTimeField(null=True)),
                ('error', models.TextField(blank=True)),
                ('request_id', models.CharField(blank=True, max_length=120)),
                ('space', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='projects.space')),
            ],
            options={
                'ordering': ('position',),
            },
        ),
        migrations.AddConstraint(
            model_name='cohort',
            constraint=models.CheckConstraint(condition=models.Q(('closes_at__gt', models.F('opens_at'))), name='cohort_closes_after_it_opens'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('draft', 'submitted', 'accepted'))), fields=('cohort', 'lead'), name='one_unfinished_application_each'),
        ),
        migrations.AddConstraint(
            model_name='guidelinesversion',
            constraint=models.UniqueConstraint(fields=('project', 'number'), name='guidelines_numbered_once'),
        ),
        migrations.AddConstraint(
            model_name='projectrole',
            constraint=models.UniqueConstraint(fields=('project', 'user'), name='one_role_each'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(('overlap__range', (1, 50))), name='overlap_from_1_to_50'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.UniqueConstraint(fields=('application', 'reviewer'), name='one_review_each'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(('community__range', (1, 5)), ('feasibility__range', (1, 5)), ('need__range', (1, 5))), name='scores_from_1_to_5'),
        ),
        migrations.AddConstraint(
            model_name='schemaversion',
            constraint=models.UniqueConstraint(fields=('project', 'number'), name='schema_numbered_once'),
        ),
        migrations.AddConstraint(
            model_name='space',
            constraint=models.UniqueConstraint(fields=('owner', 'name'), name='one_space_of_a_name'),
        ),
        migrations.AddConstraint(
            model_name='spacestep',
            constraint=models.UniqueConstraint(fields=('space', 'key'), name='each_step_once'),
        ),
    ]
