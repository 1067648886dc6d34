from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('contacts', '0012_note'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='contact',
            options={'ordering': ['id'], 'permissions': [('restore_contact', 'Can restore contacts'), ('bulk_contact', 'Can delete and restore many contacts'), ('erase_contact', 'Can delete contacts forever'), ('merge_contact', 'Can merge contacts')]},
        ),
    ]
