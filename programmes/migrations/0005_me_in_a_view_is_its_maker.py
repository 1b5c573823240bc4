"""“Me” in a saved view stood for whoever read it; it means the person who made it."""

from django.db import migrations

_BY_NUMBER = """
    UPDATE programmes_savedview
       SET query = regexp_replace(query, '(^|&)owner=mine(&|$)', '\\1owner=' || user_id || '\\2')
     WHERE query ~ '(^|&)owner=mine(&|$)'
"""


class Migration(migrations.Migration):
    dependencies = [("programmes", "0004_password_changes_and_deactivation_on_record")]

    operations = [migrations.RunSQL(_BY_NUMBER, migrations.RunSQL.noop)]
