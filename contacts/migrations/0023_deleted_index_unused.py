from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("contacts", "0022_company_by_name")]

    operations = [migrations.RemoveIndex(model_name="contact", name="contact_deleted")]
