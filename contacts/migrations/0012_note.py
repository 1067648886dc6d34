from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0011_ticket_indexes'),
    ]

    operations = [
        migrations.AddField(
            model_name='contact',
            name='note',
            field=models.TextField(blank=True),
        ),
    ]
