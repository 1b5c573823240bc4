"""Whatever people change, in whatever order, the stored shares are those of the inputs."""

import pytest

from programmes.models import Alliance
from savings import recompute, services
from savings.models import Run
from tests.processes.alliances import an_alliance
from tests.processes.writer import Writer
from tests.savings import stored_shares

pytestmark = [pytest.mark.dialect, pytest.mark.django_db]

CHANGES = 60


@pytest.mark.parametrize("seed", range(5))
def test_after_any_changes_the_stored_shares_are_those_of_the_inputs(seed: int) -> None:
    for code in ("hills", "dales"):
        an_alliance(code)
    writer = Writer(seed)
    for _ in range(CHANGES // 4):
        for _ in range(4):
            writer.one(writer.draw.choice(writer.ways))
        for alliance in Alliance.objects.all():
            recompute.bring_up_to_date(alliance_id=alliance.pk, cause="A test")
            assert services.derive_forecasts(alliance=alliance) == 0
            assert stored_shares.differences(alliance.pk) == [], f"{seed} {writer.did}"
    assert stored_shares.orphans() == 0
    assert not Run.objects.exclude(state="DONE").exists()
    assert writer.did.total() > CHANGES // 2
