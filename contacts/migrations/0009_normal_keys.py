import unicodedata

from django.db import IntegrityError, migrations, transaction

# Casefolding can take a letter apart, so that two cases of one text had two keys; now what is folded is composed.
KEYS = {"Contact": "user_name_key", "ContactAddress": "address_key"}


def compose(apps, schema_editor):
    for name, column in KEYS.items():
        rows = apps.get_model("contacts", name).objects.order_by()
        folded = list(rows.filter(**{f"{column}__regex": "[^ -~]"}).values_list("pk", column))
        for pk, old in folded:
            new = unicodedata.normalize("NFC", old)
            if new != old:
                keep(rows.filter(pk=pk), column, new)


def keep(row, column, new):
    """Two rows that become one have lived beside each other so far, and may go on."""
    try:
        with transaction.atomic():
            row.update(**{column: new})
    except IntegrityError:
        pass


class Migration(migrations.Migration):
    dependencies = [("contacts", "0008_name_prefix")]

    operations = [migrations.RunPython(compose, migrations.RunPython.noop)]
