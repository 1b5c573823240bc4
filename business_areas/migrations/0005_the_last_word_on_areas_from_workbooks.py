"""Areas that came by workbook were never said to be updated; the day they came is on record."""

from django.db import migrations

_THE_DAY = """
    UPDATE business_areas_businessarea AS area
       SET last_update_on = coalesce(alliance.held_on, word.on_day)
      FROM programmes_alliance AS alliance,
           (SELECT area_id, max(at AT TIME ZONE 'Europe/London')::date AS on_day
              FROM (SELECT pgh_obj_id AS area_id, pgh_created_at AS at
                      FROM business_areas_businessareaevent
                    UNION ALL
                    SELECT area_id, pgh_created_at FROM business_areas_milestoneevent
                    UNION ALL
                    SELECT area_id, pgh_created_at FROM business_areas_staffingevent) AS every
             GROUP BY area_id) AS word
     WHERE alliance.id = area.alliance_id AND word.area_id = area.id
       AND area.last_update_on IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("business_areas", "0004_one_forward_look_a_day")]

    operations = [migrations.RunSQL(_THE_DAY, migrations.RunSQL.noop)]
