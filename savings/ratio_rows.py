"""Writes ratios with their parts: what pools are shared by, each ratio once for an alliance."""

from collections.abc import Sequence

from savings.engine.ratio import Ratio
from savings.inputs import SharingInputs
from savings.models import RatioPart, SharingRatio


def ratio_ids(inputs: SharingInputs, ratios: Sequence[Ratio]) -> dict[str, int]:
    """Each ratio's row by digest; written now if it is new. Two workers may write the same one."""
    by_digest = {ratio.content_digest: ratio for ratio in ratios}
    of_alliance = SharingRatio.objects.filter(alliance_id=inputs.alliance_id, digest__in=by_digest)
    known = dict(of_alliance.values_list("digest", "pk"))
    # In one order, so that two workers which write the same new ratios cannot deadlock.
    missing = [ratio for digest, ratio in sorted(by_digest.items()) if digest not in known]
    if not missing:
        return known
    SharingRatio.objects.bulk_create(
        [_ratio_row(inputs, ratio) for ratio in missing], ignore_conflicts=True
    )
    known = dict(of_alliance.values_list("digest", "pk"))
    RatioPart.objects.bulk_create(
        [
            RatioPart(
                ratio_id=known[ratio.content_digest],
                force_id=inputs.force_ids[force],
                position=position,
                weight=weight,
                percentage=percentage,
            )
            for ratio in missing
            for position, (force, weight, percentage) in enumerate(
                zip(ratio.forces, ratio.weights, ratio.percentages, strict=True)
            )
        ],
        ignore_conflicts=True,
    )
    return known


def _ratio_row(inputs: SharingInputs, ratio: Ratio) -> SharingRatio:
    return SharingRatio(
        alliance_id=inputs.alliance_id,
        digest=ratio.content_digest,
        rule_id=ratio.rule_id,
        rule_effective_on=ratio.rule_effective_on,
        decimals=ratio.decimals,
        sizes_on=ratio.sizes_on,
        basis=ratio.basis,
        evidence=[
            {
                "force": size.force,
                "measure": size.measure,
                "effective_on": size.effective_on.isoformat(),
                "release": size.release,
                "value": format(size.value.normalize(), "f"),
                "source": size.source,
            }
            for size in ratio.evidence
        ],
    )
