from django.db import migrations, models
from django.db.models.functions import Coalesce, Lower, NullIf


class Migration(migrations.Migration):
    dependencies = [("contacts", "0023_deleted_index_unused")]

    operations = [
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(Lower("title"), models.F("id"), name="contact_by_title"),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                Coalesce(NullIf("phone", models.Value("")), "mobile"),
                models.F("id"),
                name="contact_by_number",
            ),
        ),
    ]
