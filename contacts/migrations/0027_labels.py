import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('companies', '0003_labels'),
        ('contacts', '0026_search_long_texts'),
        ('provisioning', '0006_log_index'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='contact',
            options={'ordering': ['id'], 'permissions': [('restore_contact', 'Can restore contacts'), ('bulk_contact', 'Can delete and restore many contacts'), ('erase_contact', 'Can delete contacts forever'), ('import_contact', 'Can import contacts'), ('export_contact', 'Can export contacts'), ('merge_contact', 'Can merge contacts')], 'verbose_name': 'contact', 'verbose_name_plural': 'contacts'},
        ),
        migrations.AlterModelOptions(
            name='contactaddress',
            options={'ordering': ['-is_primary', 'id'], 'verbose_name': 'contact address', 'verbose_name_plural': 'contact addresses'},
        ),
        migrations.AlterModelOptions(
            name='contactfield',
            options={'ordering': ['order', 'id'], 'verbose_name': 'contact field', 'verbose_name_plural': 'contact fields'},
        ),
        migrations.AlterModelOptions(
            name='ticket',
            options={'ordering': ['-id'], 'permissions': [('mark_spam', 'Can mark tickets as spam')], 'verbose_name': 'ticket', 'verbose_name_plural': 'tickets'},
        ),
        migrations.AlterModelOptions(
            name='timelineentry',
            options={'ordering': ['-at', '-id'], 'verbose_name': 'timeline entry', 'verbose_name_plural': 'timeline entries'},
        ),
        migrations.AlterField(
            model_name='contact',
            name='company',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='contacts', to='companies.company', verbose_name='company'),
        ),
        migrations.AlterField(
            model_name='contact',
            name='company_source',
            field=models.CharField(blank=True, choices=[('', '—'), ('domain', 'E-mail domain'), ('attribute', 'Entra attribute'), ('agent', 'Chosen by an agent'), ('connection', 'Connection')], default='', max_length=10, verbose_name='source of the company'),
        ),
        migrations.AlterField(
            model_name='contact',
            name='connection',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='provisioning.connection', verbose_name='connection'),
        ),
        migrations.AlterField(
            model_name='contact',
            name='created_at',
            field=models.DateTimeField(auto_now_add=True, verbose_name='created at'),
        ),
        migrations.AlterField(
            model_name='contact',
            name='employee_number',
            field=models.CharField(blank=True, max_length=255, verbose_name='employee number'),
        ),
        migrations.AlterField(
            model_name='contact',
            name='external_id',
            field=models.CharField(blank=True, max_length=255, verbose_name='externalId'),
        ),
        migrations.AlterField(
            model_name='contact',
            name='last_synced_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='last synced at'),
        ),
        migrations.AlterField(
            model_name='contact',
            name='name',
            field=models.CharField(max_length=255, verbose_name='name'),
        ),
        migrations.AlterField(
            model_name='contact',
            name='organization',
            field=models.CharField(blank=True, max_length=255, verbose_name='organization'),
        ),
        migrations.AlterField(
            model_name='contact',
            name='source',
            field=models.CharField(choices=[('portal', 'Portal'), ('entra', 'Entra ID'), ('import', 'Import')], default='portal', max_length=10, verbose_name='source'),
        ),
        migrations.AlterField(
            model_name='contact',
            name='updated_at',
            field=models.DateTimeField(verbose_name='updated at'),
        ),
        migrations.AlterField(
            model_name='contact',
            name='user_name',
            field=models.CharField(blank=True, max_length=255, verbose_name='userName'),
        ),
        migrations.AlterField(
            model_name='contact',
            name='verified',
            field=models.BooleanField(default=False, verbose_name='verified'),
        ),
        migrations.AlterField(
            model_name='contactfield',
            name='active',
            field=models.BooleanField(default=True, verbose_name='active'),
        ),
        migrations.AlterField(
            model_name='contactfield',
            name='api_name',
            field=models.CharField(editable=False, max_length=100, verbose_name='API name'),
        ),
        migrations.AlterField(
            model_name='contactfield',
            name='label',
            field=models.CharField(max_length=100, verbose_name='label'),
        ),
        migrations.AlterField(
            model_name='contactfield',
            name='options',
            field=models.JSONField(blank=True, default=list, verbose_name='options'),
        ),
        migrations.AlterField(
            model_name='contactfield',
            name='order',
            field=models.PositiveIntegerField(default=0, verbose_name='order'),
        ),
        migrations.AlterField(
            model_name='contactfield',
            name='required',
            field=models.BooleanField(default=False, verbose_name='required'),
        ),
        migrations.AlterField(
            model_name='contactfield',
            name='type',
            field=models.CharField(choices=[('text', 'Text'), ('paragraph', 'Paragraph'), ('checkbox', 'Checkbox'), ('date', 'Date'), ('number', 'Number'), ('decimal', 'Decimal'), ('dropdown', 'Dropdown'), ('url', 'URL')], max_length=10, verbose_name='type'),
        ),
        migrations.AlterField(
            model_name='ticket',
            name='contact',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='tickets', to='contacts.contact', verbose_name='contact'),
        ),
        migrations.AlterField(
            model_name='ticket',
            name='created_at',
            field=models.DateTimeField(auto_now_add=True, verbose_name='created at'),
        ),
        migrations.AlterField(
            model_name='ticket',
            name='description',
            field=models.TextField(blank=True, verbose_name='description'),
        ),
        migrations.AlterField(
            model_name='ticket',
            name='spam_cause',
            field=models.CharField(blank=True, choices=[('', 'Not spam'), ('agent', 'Marked by an agent'), ('suspension', 'Contact suspended'), ('deletion', 'Contact deleted')], default='', max_length=10, verbose_name='spam cause'),
        ),
        migrations.AlterField(
            model_name='ticket',
            name='status',
            field=models.CharField(choices=[('open', 'Open'), ('pending', 'Pending'), ('solved', 'Solved'), ('closed', 'Closed')], default='open', max_length=10, verbose_name='status'),
        ),
        migrations.AlterField(
            model_name='ticket',
            name='subject',
            field=models.CharField(max_length=255, verbose_name='subject'),
        ),
        migrations.AlterField(
            model_name='ticket',
            name='updated_at',
            field=models.DateTimeField(auto_now=True, verbose_name='updated at'),
        ),
        migrations.AlterField(
            model_name='timelineentry',
            name='action',
            field=models.CharField(choices=[('created', 'Created'), ('linked', 'Linked'), ('updated', 'Updated'), ('deactivated', 'Deactivated'), ('reactivated', 'Reactivated'), ('deleted', 'Deleted'), ('restored', 'Restored'), ('suspended', 'Suspended'), ('unsuspended', 'Suspension lifted'), ('unlinked', 'Unlinked'), ('merged', 'Merged'), ('nothing', 'Nothing changed')], max_length=12, verbose_name='action'),
        ),
        migrations.AlterField(
            model_name='timelineentry',
            name='actor_kind',
            field=models.CharField(choices=[('agent', 'Agent'), ('connection', 'Connection'), ('token', 'API token'), ('import', 'Import'), ('system', 'System')], max_length=10, verbose_name='kind of actor'),
        ),
        migrations.AlterField(
            model_name='timelineentry',
            name='actor_label',
            field=models.CharField(max_length=255, verbose_name='actor'),
        ),
        migrations.AlterField(
            model_name='timelineentry',
            name='at',
            field=models.DateTimeField(verbose_name='at'),
        ),
        migrations.AlterField(
            model_name='timelineentry',
            name='changes',
            field=models.JSONField(default=dict, verbose_name='changes'),
        ),
        migrations.AlterField(
            model_name='timelineentry',
            name='contact',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='timeline', to='contacts.contact', verbose_name='contact'),
        ),
    ]
