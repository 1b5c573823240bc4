"""Two forward looks of one day, which showed in no fixed order: the later one stays."""

from django.db import migrations, models

_KEEP_THE_LATER = """
    DELETE FROM business_areas_outlook AS earlier
     USING business_areas_outlook AS later
     WHERE later.alliance_id = earlier.alliance_id
       AND later.area_id IS NOT DISTINCT FROM earlier.area_id
       AND later.strand = earlier.strand
       AND later.said_on = earlier.said_on
       AND later.id > earlier.id
"""


class Migration(migrations.Migration):
    dependencies = [("business_areas", "0003_moved_dates_are_on_the_record_of_changes")]

    operations = [
        migrations.RunSQL(_KEEP_THE_LATER, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="outlook",
            constraint=models.UniqueConstraint(
                fields=("alliance", "area", "strand", "said_on"),
                name="one_outlook_a_day",
                nulls_distinct=False,
                violation_error_message="A forward look is on record for this day; change that one.",
            ),
        ),
    ]
