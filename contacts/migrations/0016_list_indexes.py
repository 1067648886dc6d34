from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0015_search_text'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(condition=models.Q(('deleted_at', None), ('suspended_at__isnull', False)), fields=['suspended_at'], name='contact_suspended'),
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(fields=['created_at', 'id'], name='contact_by_creation'),
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(fields=['domain'], name='contact_of_domain'),
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(fields=['source'], name='contact_of_source'),
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(condition=models.Q(('verified', False)), fields=['id'], name='contact_unverified'),
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(condition=models.Q(('sync_failed_at__isnull', False)), fields=['sync_failed_at'], name='contact_failed'),
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(condition=models.Q(('unapplied', []), _negated=True), fields=['id'], name='contact_partly_applied'),
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(condition=models.Q(('connection__isnull', False), models.Q(models.Q(('deleted_at__isnull', False), ('entra_active', True)), models.Q(('deleted_at', None), ('entra_active', False)), _connector='OR')), fields=['id'], name='contact_out_of_step'),
        ),
    ]
