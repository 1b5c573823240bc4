from django.db import migrations


class Migration(migrations.Migration):
    """What moved is told by the record of changes alone."""

    dependencies = [("business_areas", "0009_dates_moved_before_are_of_their_changes")]

    operations = [
        migrations.DeleteModel(name="DateChangeEvent"),
        migrations.DeleteModel(name="DateChange"),
    ]
