import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('companies', '0003_labels'),
        ('contacts', '0027_labels'),
        ('provisioning', '0006_log_index'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='connection',
            options={'ordering': ['name'], 'verbose_name': 'connection', 'verbose_name_plural': 'connections'},
        ),
        migrations.AlterModelOptions(
            name='token',
            options={'ordering': ['-created_at'], 'verbose_name': 'token', 'verbose_name_plural': 'tokens'},
        ),
        migrations.AlterField(
            model_name='connection',
            name='company',
            field=models.ForeignKey(blank=True, help_text='Bound to a company, the connection links only contacts of that company or of none.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='connections', to='companies.company', verbose_name='company'),
        ),
        migrations.AlterField(
            model_name='connection',
            name='created_at',
            field=models.DateTimeField(auto_now_add=True, verbose_name='created at'),
        ),
        migrations.AlterField(
            model_name='connection',
            name='may_create_companies',
            field=models.BooleanField(default=False, help_text='Create a company when Entra sends the name of an unknown one.', verbose_name='may create companies'),
        ),
        migrations.AlterField(
            model_name='connection',
            name='name',
            field=models.CharField(max_length=100, unique=True, verbose_name='name'),
        ),
        migrations.AlterField(
            model_name='connection',
            name='strict_custom_fields',
            field=models.BooleanField(default=False, help_text='Refuse a request whose custom value does not fit, instead of leaving it out.', verbose_name='strict custom fields'),
        ),
        migrations.AlterField(
            model_name='logentry',
            name='action',
            field=models.CharField(choices=[('created', 'Created'), ('linked', 'Linked'), ('updated', 'Updated'), ('deactivated', 'Deactivated'), ('reactivated', 'Reactivated'), ('deleted', 'Deleted'), ('restored', 'Restored'), ('suspended', 'Suspended'), ('unsuspended', 'Suspension lifted'), ('unlinked', 'Unlinked'), ('merged', 'Merged'), ('nothing', 'Nothing changed')], max_length=12, verbose_name='action'),
        ),
        migrations.AlterField(
            model_name='logentry',
            name='at',
            field=models.DateTimeField(db_index=True, verbose_name='at'),
        ),
        migrations.AlterField(
            model_name='logentry',
            name='connection',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='log', to='provisioning.connection', verbose_name='connection'),
        ),
        migrations.AlterField(
            model_name='logentry',
            name='contact',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='provisioning_log', to='contacts.contact', verbose_name='contact'),
        ),
        migrations.AlterField(
            model_name='logentry',
            name='duration_ms',
            field=models.FloatField(verbose_name='duration in ms'),
        ),
        migrations.AlterField(
            model_name='logentry',
            name='method',
            field=models.CharField(max_length=7, verbose_name='method'),
        ),
        migrations.AlterField(
            model_name='logentry',
            name='notes',
            field=models.JSONField(default=list, verbose_name='notes'),
        ),
        migrations.AlterField(
            model_name='logentry',
            name='outcome',
            field=models.CharField(choices=[('success', 'Success'), ('failure', 'Failure')], max_length=7, verbose_name='outcome'),
        ),
        migrations.AlterField(
            model_name='logentry',
            name='reason',
            field=models.CharField(blank=True, max_length=50, verbose_name='reason'),
        ),
        migrations.AlterField(
            model_name='logentry',
            name='status',
            field=models.PositiveSmallIntegerField(verbose_name='status'),
        ),
        migrations.AlterField(
            model_name='token',
            name='connection',
            field=models.ForeignKey(blank=True, help_text='None: the token belongs to the REST API.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='tokens', to='provisioning.connection', verbose_name='connection'),
        ),
        migrations.AlterField(
            model_name='token',
            name='created_at',
            field=models.DateTimeField(auto_now_add=True, verbose_name='created at'),
        ),
        migrations.AlterField(
            model_name='token',
            name='expires_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='expires at'),
        ),
        migrations.AlterField(
            model_name='token',
            name='last_used_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='last used at'),
        ),
        migrations.AlterField(
            model_name='token',
            name='name',
            field=models.CharField(max_length=100, verbose_name='name'),
        ),
        migrations.AlterField(
            model_name='token',
            name='prefix',
            field=models.CharField(editable=False, max_length=12, verbose_name='prefix'),
        ),
        migrations.AlterField(
            model_name='token',
            name='revoked_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='revoked at'),
        ),
        migrations.AlterField(
            model_name='token',
            name='scopes',
            field=models.JSONField(default=list, verbose_name='scopes'),
        ),
    ]
