"""Dates that moved before are of their changes too, with the why that stood beside them.

A change and what it wrote are of one moment. What moved at no change's moment is a change of its own; what
it did to shares is not known. Invented data for load tests were put in as they stand, and moved nowhere.
"""

from django.db import migrations

_WHOSE = """
    CREATE TEMPORARY TABLE moved_of ON COMMIT DROP AS
    SELECT DISTINCT ON (d.id) d.id, c.id AS change_id, c.id IS NULL AS is_alone
      FROM business_areas_datechange d
      LEFT JOIN business_areas_datechangeevent e ON e.pgh_obj_id = d.id AND e.pgh_label = 'insert'
      LEFT JOIN programmes_change c
        ON c.alliance_id = d.alliance_id AND c.made_at IN (d.changed_at, e.pgh_created_at)
     WHERE d.details <> 'Invented for load tests.'
     ORDER BY d.id, coalesce(c.milestone_id = d.milestone_id, false) DESC,
           EXISTS (SELECT FROM jsonb_array_elements(c.said) AS told,
                               jsonb_array_elements(told->'fields') AS field
                    WHERE field->>0 IN (initcap(d.which) || ' on', initcap(d.which) || ' date')
                      AND field->>2 = coalesce(to_char(d.to_on, 'FMDD FMMonth YYYY'), 'nothing')
           ) DESC, c.id
"""
# Why was told of the date alone where the change itself had no reason, or had the details for one.
_WHY = """
    UPDATE programmes_change c
       SET reason = CASE WHEN told.whys = 1 THEN told.reason ELSE told.reasons END,
           details = CASE WHEN told.whys > 1 AND c.details = '' THEN told.every_detail
                          WHEN told.details <> '' THEN told.details ELSE c.details END
      FROM (SELECT change_id, count(DISTINCT ROW(reason, details)) AS whys,
                   min(reason) AS reason, min(details) AS details,
                   string_agg(reason || ' (' || way || ')', '; ' ORDER BY way DESC, reason) AS reasons,
                   string_agg(details || ' (' || way || ')', E'\\n' ORDER BY way DESC, reason)
                       FILTER (WHERE details <> '') AS every_detail
              FROM (SELECT DISTINCT o.change_id, d.reason, d.details,
                           CASE WHEN d.to_on > d.from_on THEN 'moved later'
                                WHEN d.to_on < d.from_on THEN 'moved earlier'
                                ELSE 'dated for the first time' END AS way
                      FROM moved_of o JOIN business_areas_datechange d ON d.id = o.id
                     WHERE NOT o.is_alone AND d.reason <> 'Loaded from a workbook') AS one
             GROUP BY change_id) AS told
     WHERE c.id = told.change_id
       AND (c.reason = ''
            OR (told.whys = 1 AND c.reason <> told.reason AND c.reason = told.details
                AND c.details = ''))
"""
_ALONE = """
    INSERT INTO programmes_change (id, alliance_id, kind, door, area_id, milestone_id, said, more, reason,
                                   details, effect, waiting, made_on, made_at, made_by_id)
    SELECT o.change_id, d.alliance_id,
           CASE d.which WHEN 'FORECAST' THEN 'FORECAST_DATE' WHEN 'APPROVED' THEN 'APPROVED_DATE'
                        ELSE 'REACHED' END,
           'PAGE', m.area_id, m.id,
           jsonb_build_array(jsonb_build_object(
               'of', 'Milestone “' || m.name || '”', 'what', 'changed', 'area', m.area_id,
               'fields', jsonb_build_array(jsonb_build_array(
                   initcap(d.which) || ' date',
                   coalesce(to_char(d.from_on, 'FMDD FMMonth YYYY'), 'nothing'),
                   coalesce(to_char(d.to_on, 'FMDD FMMonth YYYY'), 'nothing'))))),
           0, d.reason, d.details, '[]'::jsonb, '[]'::jsonb,
           coalesce(a.held_on, (d.changed_at AT TIME ZONE 'Europe/London')::date),
           d.changed_at, d.changed_by_id
      FROM moved_of o
      JOIN business_areas_datechange d ON d.id = o.id
      JOIN business_areas_milestone m ON m.id = d.milestone_id
      JOIN programmes_alliance a ON a.id = d.alliance_id
     WHERE o.is_alone
"""
# A date that one change moved twice moved once, from its first day to its last. Numbers stay, for they
# are in addresses.
_MOVED = """
    INSERT INTO business_areas_moveddate (id, change_id, milestone_id, which, from_on, to_on)
    SELECT max(d.id), o.change_id, d.milestone_id, d.which,
           (array_agg(d.from_on ORDER BY d.id))[1], (array_agg(d.to_on ORDER BY d.id DESC))[1]
      FROM moved_of o JOIN business_areas_datechange d ON d.id = o.id
     GROUP BY o.change_id, d.milestone_id, d.which
    HAVING (array_agg(d.from_on ORDER BY d.id))[1]
           IS DISTINCT FROM (array_agg(d.to_on ORDER BY d.id DESC))[1]
"""
_NUMBERS = """
    SELECT setval(pg_get_serial_sequence('business_areas_moveddate', 'id'), max(id))
      FROM business_areas_datechange HAVING max(id) IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("business_areas", "0008_moved_dates_of_changes")]

    operations = [
        migrations.RunSQL(statement, migrations.RunSQL.noop)
        for statement in (
            _WHOSE,
            "ALTER TABLE programmes_change DISABLE TRIGGER pgtrigger_never_edited_7e639",
            _WHY,
            "ALTER TABLE programmes_change ENABLE TRIGGER pgtrigger_never_edited_7e639",
            "UPDATE moved_of SET change_id = nextval(pg_get_serial_sequence('programmes_change', 'id'))"
            " WHERE is_alone",
            _ALONE,
            _MOVED,
            _NUMBERS,
        )
    ]
