from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('jobs', '0002_readers_way'),
    ]

    operations = [
        migrations.AddField(
            model_name='job',
            name='undo_question',
            field=models.CharField(blank=True, max_length=255),
        ),
        migrations.AddField(
            model_name='job',
            name='result',
            field=models.CharField(blank=True, max_length=500),
        ),
    ]
