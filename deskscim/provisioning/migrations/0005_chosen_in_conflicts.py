import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0008_name_prefix'),
        ('provisioning', '0004_held_counts'),
    ]

    operations = [
        migrations.AlterField(
            model_name='conflict',
            name='chosen',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='chosen_in_conflicts', to='contacts.contact'),
        ),
    ]
