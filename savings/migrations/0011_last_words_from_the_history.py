"""When each area's dates, people and money were last changed: from the history that tables keep."""

from django.db import migrations

_THE_DAYS = """
    INSERT INTO programmes_lastword (alliance_id, area_id, sort, said_on)
    SELECT word.alliance_id, word.area_id, word.sort,
           coalesce(alliance.held_on, (max(word.at) AT TIME ZONE 'Europe/London')::date)
      FROM (SELECT alliance_id, coalesce(area_id, 0) AS area_id, 'milestone' AS sort,
                   pgh_created_at AS at
              FROM business_areas_milestoneevent
            UNION ALL
            SELECT alliance_id, area_id, 'staffing', pgh_created_at
              FROM business_areas_staffingevent
            UNION ALL
            SELECT alliance_id, coalesce(area_id, 0), 'item', pgh_created_at
              FROM savings_itemevent
            UNION ALL
            SELECT amount.alliance_id, coalesce(item.area_id, 0), 'amount', amount.pgh_created_at
              FROM savings_amountevent AS amount
              JOIN savings_item AS item ON item.id = amount.item_id
             WHERE NOT amount.derived) AS word
      JOIN programmes_alliance AS alliance ON alliance.id = word.alliance_id
     GROUP BY alliance.held_on, word.alliance_id, word.area_id, word.sort
    ON CONFLICT (alliance_id, area_id, sort) DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [
        ("business_areas", "0007_people_and_the_register_by_their_names"),
        ("programmes", "0008_the_last_word_by_sort"),
        ("savings", "0010_settlements_in_versions"),
    ]

    operations = [migrations.RunSQL(_THE_DAYS, migrations.RunSQL.noop)]
