from django.db import migrations


class Migration(migrations.Migration):
    """What the read-only administration and the record of changes call two tables."""

    dependencies = [("business_areas", "0006_requests_to_approve_dates")]

    operations = [
        migrations.AlterModelOptions(
            name="staffing",
            options={
                "ordering": ["area", "force__position", "as_at"],
                "verbose_name": "number of people",
                "verbose_name_plural": "numbers of people",
            },
        ),
        migrations.AlterModelOptions(
            name="raiditem",
            options={
                "ordering": ["alliance", "kind", "code"],
                "verbose_name": "register entry",
                "verbose_name_plural": "register entries",
            },
        ),
    ]
