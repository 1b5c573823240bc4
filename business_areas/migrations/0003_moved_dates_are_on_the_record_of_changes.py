"""Dates that were moved before there was a record of changes are on it too; what they moved is not known."""

from django.db import migrations

_DATES = """
    INSERT INTO programmes_change (alliance_id, kind, door, area_id, milestone_id, said, more, reason,
                                   details, effect, waiting, made_on, made_at, made_by_id)
    SELECT d.alliance_id,
           CASE d.which WHEN 'FORECAST' THEN 'FORECAST_DATE' WHEN 'APPROVED' THEN 'APPROVED_DATE'
                        ELSE 'REACHED' END,
           'PAGE', m.area_id, m.id,
           jsonb_build_array(jsonb_build_object(
               'of', 'Milestone “' || m.name || '”', 'what', 'changed', 'area', m.area_id,
               'fields', jsonb_build_array(jsonb_build_array(
                   initcap(d.which) || ' on',
                   coalesce(to_char(d.from_on, 'FMDD FMMonth YYYY'), 'nothing'),
                   coalesce(to_char(d.to_on, 'FMDD FMMonth YYYY'), 'nothing'))))),
           0, d.reason, d.details, '[]'::jsonb, '[]'::jsonb,
           coalesce(a.held_on, (d.changed_at AT TIME ZONE 'Europe/London')::date),
           d.changed_at, d.changed_by_id
      FROM business_areas_datechange d
      JOIN business_areas_milestone m ON m.id = d.milestone_id
      JOIN programmes_alliance a ON a.id = d.alliance_id
     ORDER BY d.id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("business_areas", "0002_owners_holds_readiness_and_statuses"),
        ("programmes", "0003_the_record_of_changes"),
    ]

    operations = [migrations.RunSQL(_DATES, migrations.RunSQL.noop)]
