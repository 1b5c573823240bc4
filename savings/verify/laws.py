"""The laws of a share as SQL over what is stored, in exact numeric arithmetic.

Independent of the Python engine. Each law selects one sentence for each breach. What is compared
with the inputs, or needs the amounts beside the shares, leaves out areas and years that are behind (a
request waits); what is stored agrees with itself. A closed year's amounts are frozen with it, and are
compared too.
"""

from dataclasses import dataclass

from savings.models.closed_triggers import UNLIKE_CLOSED_YEARS


@dataclass(frozen=True)
class Law:
    """What must hold, and a query for the sentences of its breaches."""

    name: str
    breaches: str


LAWS = (
    Law(
        "An amount’s shares add up to it",
        """
        SELECT line.name || ': the shares come to ' || sum(own.pence) || 'p and the amount is '
               || line.pence || 'p.'
          FROM line JOIN own ON own.amount_id = line.id
         WHERE line.is_current GROUP BY line.id, line.name, line.pence
        HAVING sum(own.pence) <> line.pence
        """,
    ),
    Law(
        "An amount lies in one pool, its own",
        """
        SELECT line.name || ': its shares lie in ' || count(DISTINCT own.pool_id) || ' pools.'
          FROM line JOIN own ON own.amount_id = line.id
         WHERE line.is_current GROUP BY line.id, line.name
        HAVING count(DISTINCT own.pool_id) > 1
        UNION ALL
        SELECT DISTINCT line.name || ': it is shared in a pool that is not its own, ' || pool.name || '.'
          FROM line JOIN own ON own.amount_id = line.id JOIN pool ON pool.id = own.pool_id
         WHERE line.is_current
           AND (pool.area_id, pool.year, pool.kind, pool.version)
               IS DISTINCT FROM (line.area_id, line.year, line.kind, line.version)
        UNION ALL
        SELECT line.name || ': it has no shares, and no pool says why.'
          FROM line
         WHERE line.is_current AND NOT EXISTS (SELECT 1 FROM own WHERE own.amount_id = line.id)
           AND NOT EXISTS (
               SELECT 1 FROM pool WHERE pool.ratio_id IS NULL AND pool.area_id = line.area_id
                  AND pool.year = line.year AND pool.kind = line.kind
                  AND pool.version = line.version)
        """,
    ),
    Law(
        "An amount has a share for every force of its ratio",
        """
        SELECT line.name || ': it has ' || lines.shares || ' shares and its ratio has '
               || parts.forces || ' forces.'
          FROM (SELECT pool_id, amount_id, count(pence) AS shares FROM own GROUP BY 1, 2) lines
          JOIN pool ON pool.id = lines.pool_id
          JOIN line ON line.id = lines.amount_id
          JOIN (SELECT ratio_id, count(*) AS forces FROM part GROUP BY 1) parts
            ON parts.ratio_id = pool.ratio_id
         WHERE lines.shares <> parts.forces
        """,
    ),
    Law(
        "A share is less than a penny from exact, and of the amount’s sign",
        """
        SELECT line.name || ': the share of ' || coalesce(part.force, 'a force not in the ratio')
               || ', ' || own.pence || 'p, is not within a penny of exact.'
          FROM own
          JOIN pool ON pool.id = own.pool_id
          JOIN line ON line.id = own.amount_id
          LEFT JOIN part ON part.ratio_id = pool.ratio_id AND part.force_id = own.force_id
         WHERE line.is_current
           AND (part.weight IS NULL
                OR abs(own.pence * part.whole - line.pence * part.weight) >= greatest(part.whole, 1)
                OR sign(own.pence) = -sign(line.pence) AND own.pence <> 0)
        """,
    ),
    Law(
        "A force of weight zero has no share",
        """
        SELECT pool.name || ': ' || part.force || ' has weight zero and a share of '
               || own.pence || 'p.'
          FROM own JOIN pool ON pool.id = own.pool_id
          JOIN part ON part.ratio_id = pool.ratio_id AND part.force_id = own.force_id
         WHERE part.weight = 0 AND own.pence <> 0
        """,
    ),
    Law(
        "A force’s lines add up to its share of the pool",
        """
        SELECT pool.name || ': the lines of ' || f.code || ' come to ' || coalesce(lines.pence, 0)
               || 'p and its share of the pool is ' || coalesce(whole.pence::text || 'p', 'missing')
               || '.'
          FROM (SELECT own.pool_id, own.force_id, sum(own.pence * coalesce(line.sign, 1)) AS pence
                  FROM own LEFT JOIN line ON line.id = own.amount_id GROUP BY 1, 2) lines
          FULL JOIN (SELECT s.pool_id, s.force_id, s.pence FROM savings_poolshare s
                      WHERE s.pool_id IN (SELECT id FROM pool)) whole
            ON whole.pool_id = lines.pool_id AND whole.force_id = lines.force_id
          JOIN pool ON pool.id = coalesce(lines.pool_id, whole.pool_id)
          JOIN programmes_force f ON f.id = coalesce(lines.force_id, whole.force_id)
         WHERE pool.is_current AND lines.pence IS DISTINCT FROM whole.pence
        """,
    ),
    Law(
        "A pool’s shares add up to its total, each less than a penny from exact",
        """
        SELECT pool.name || ': the shares come to ' || coalesce(sum(s.pence), 0)
               || 'p and the total is ' || pool.total || 'p.'
          FROM pool LEFT JOIN savings_poolshare s ON s.pool_id = pool.id
         WHERE pool.ratio_id IS NOT NULL GROUP BY pool.id, pool.name, pool.total
        HAVING coalesce(sum(s.pence), 0) <> pool.total
        UNION ALL
        SELECT pool.name || ': the share of the total of '
               || coalesce(part.force, 'a force not in the ratio') || ', ' || s.pence
               || 'p, is not within a penny of exact.'
          FROM pool JOIN savings_poolshare s ON s.pool_id = pool.id
          LEFT JOIN part ON part.ratio_id = pool.ratio_id AND part.force_id = s.force_id
         WHERE pool.ratio_id IS NOT NULL
           AND (part.weight IS NULL
                OR abs(s.pence * part.whole - pool.total * part.weight) >= greatest(part.whole, 1))
        """,
    ),
    Law(
        "An area’s pools come to its amounts",
        """
        SELECT b.code || ', ' || year || ', ' || lower(version) || ' ' || lower(kind)
               || 's: the pools come to ' || coalesce(pools.total, 0) || 'p and the amounts to '
               || coalesce(lines.total, 0) || 'p.'
          FROM (SELECT area_id, year, kind, version, sum(total) AS total
                  FROM pool WHERE is_current GROUP BY 1, 2, 3, 4) pools
          FULL JOIN (SELECT area_id, year, kind, version, sum(sign * pence) AS total
                       FROM line WHERE is_current GROUP BY 1, 2, 3, 4) lines
               USING (area_id, year, kind, version)
          JOIN business_areas_businessarea b ON b.id = area_id
         WHERE pools.total IS DISTINCT FROM lines.total
        """,
    ),
    Law(
        "Percentages add up to exactly 100, and weights to as many units",
        """
        SELECT r.basis || ' from ' || r.rule_effective_on || ': the percentages add up to '
               || coalesce(sum(part.percentage), 0) || ' and the weights to '
               || coalesce(sum(part.weight), 0) || '.'
          FROM savings_sharingratio r LEFT JOIN part ON part.ratio_id = r.id
         WHERE r.alliance_id = %(alliance)s GROUP BY r.id
        HAVING coalesce(sum(part.percentage), 0) <> 100
            OR (r.decimals IS NOT NULL
                AND (sum(part.weight) <> 100 * power(10::numeric, r.decimals)
                     OR bool_or(part.weight <> part.percentage * power(10::numeric, r.decimals))))
        """,
    ),
    Law(
        "Percentages by one measure follow from the sizes by largest remainder",
        """
        SELECT basis || ' from ' || rule_effective_on || ': ' || force || ' has the weight '
               || weight || ', and its size gives ' || due || '.'
          FROM (
            SELECT *, whole_units + CASE WHEN row_number() OVER (
                          PARTITION BY ratio_id ORDER BY over DESC, position)
                      <= units - sum(whole_units) OVER (PARTITION BY ratio_id)
                      THEN 1 ELSE 0 END AS due
              FROM (
                SELECT *, div(size * units, sizes) AS whole_units, mod(size * units, sizes) AS over
                  FROM (
                    SELECT r.basis, r.rule_effective_on, r.id AS ratio_id, part.force,
                           part.position, part.weight, (e.size ->> 'value')::numeric AS size,
                           100 * power(10::numeric, r.decimals) AS units,
                           sum((e.size ->> 'value')::numeric) OVER (PARTITION BY r.id) AS sizes
                      FROM savings_sharingratio r
                      CROSS JOIN LATERAL jsonb_array_elements(r.evidence) AS e (size)
                      JOIN part ON part.ratio_id = r.id AND part.force = e.size ->> 'force'
                     WHERE r.alliance_id = %(alliance)s AND r.decimals IS NOT NULL
                       AND (SELECT count(DISTINCT one ->> 'measure')
                              FROM jsonb_array_elements(r.evidence) AS one) = 1
                  ) measured
              ) divided
          ) rounded
         WHERE weight <> due
        """,
    ),
    Law(
        "Exact weights by one measure are as the sizes",
        """
        SELECT basis || ' from ' || rule_effective_on || ': the weight of ' || force || ', ' || weight
               || ', is not in proportion to its size.'
          FROM (
            SELECT r.basis, r.rule_effective_on, part.force, part.weight, part.whole,
                   (e.size ->> 'value')::numeric AS size,
                   sum((e.size ->> 'value')::numeric) OVER (PARTITION BY r.id) AS sizes
              FROM savings_sharingratio r
              CROSS JOIN LATERAL jsonb_array_elements(r.evidence) AS e (size)
              JOIN part ON part.ratio_id = r.id AND part.force = e.size ->> 'force'
             WHERE r.alliance_id = %(alliance)s AND r.decimals IS NULL
               AND (SELECT count(DISTINCT one ->> 'measure')
                      FROM jsonb_array_elements(r.evidence) AS one) = 1
          ) measured
         WHERE weight * sizes <> size * whole
        """,
    ),
    Law(
        "Only members on the amount’s date have shares",
        """
        SELECT DISTINCT pool.name || ': ' || f.code || ' has a share and was not a member on '
               || dated.starts_on || '.'
          FROM (SELECT DISTINCT own.pool_id, own.force_id, line.starts_on
                  FROM own JOIN line ON line.id = own.amount_id WHERE line.is_current) dated
          JOIN pool ON pool.id = dated.pool_id
          JOIN programmes_force f ON f.id = dated.force_id
         WHERE NOT EXISTS (
               SELECT 1 FROM programmes_membership m
                WHERE m.alliance_id = %(alliance)s AND m.force_id = dated.force_id
                  AND dated.starts_on <@ daterange(m.joined_on, m.left_on))
            OR EXISTS (
               SELECT 1 FROM business_areas_areamembership m WHERE m.area_id = pool.area_id)
               AND NOT EXISTS (
               SELECT 1 FROM business_areas_areamembership m
                WHERE m.area_id = pool.area_id AND m.force_id = dated.force_id
                  AND dated.starts_on <@ daterange(m.joined_on, m.left_on))
        """,
    ),
    Law(
        "A withheld pool has no shares",
        """
        SELECT DISTINCT pool.name || ': it is withheld (“' || pool.withheld || '”) and has shares.'
          FROM pool
         WHERE pool.ratio_id IS NULL
           AND (pool.id IN (SELECT pool_id FROM own)
                OR pool.id IN (SELECT pool_id FROM savings_poolshare))
        """,
    ),
    Law(
        "A closed year is left alone",
        """
        SELECT pool.name || ': it was worked out after the year was closed.'
          FROM pool JOIN closed ON closed.year = pool.year
         WHERE pool.worked_out_at > closed.closed_at
        """,
    ),
    Law(
        "A closed year keeps the rule and the members that shared it",
        f"""
        SELECT DISTINCT year || '/' || right((year + 1)::text, 2) || ': '
               || CASE WHEN what = 'RULE' THEN 'another rule is in force in it now.'
                       ELSE 'other forces are members in it now.' END
          FROM ({UNLIKE_CLOSED_YEARS.format(alliance="%(alliance)s")}) unlike
        """,  # noqa: S608
    ),
    Law(
        "A size that a closed year was shared by is on record as it was",
        """
        SELECT DISTINCT pool.name || ': ' || (e.size ->> 'measure') || ' of ' || (e.size ->> 'force')
               || ' on ' || (e.size ->> 'effective_on') || ' is not on record as '
               || (e.size ->> 'value') || '.'
          FROM pool JOIN closed ON closed.year = pool.year
          JOIN savings_sharingratio r ON r.id = pool.ratio_id
         CROSS JOIN LATERAL jsonb_array_elements(r.evidence) AS e (size)
         WHERE NOT EXISTS (
               SELECT 1 FROM programmes_forcesize s JOIN programmes_force f ON f.id = s.force_id
                WHERE s.alliance_id = %(alliance)s AND f.code = e.size ->> 'force'
                  AND s.effective_on = (e.size ->> 'effective_on')::date
                  AND s.release = (e.size ->> 'release')::integer
                  AND s.value = (e.size ->> 'value')::numeric)
        """,
    ),
    Law(
        "A share’s amount and force exist and are the alliance’s",
        """
        SELECT DISTINCT pool.name || ': it has shares of an amount or a force that does not exist.'
          FROM own JOIN pool ON pool.id = own.pool_id
          LEFT JOIN line ON line.id = own.amount_id
          LEFT JOIN programmes_force f
            ON f.id = own.force_id AND f.alliance_id = %(alliance)s
         WHERE pool.is_current AND (line.id IS NULL OR f.id IS NULL)
        """,
    ),
)

# Of no alliance, as what would name the alliance is missing.
SHARES_WITHOUT_POOL = Law(
    "A share’s pool exists",
    """
    SELECT sum(cardinality(s.pence)) || ' shares are of pool ' || s.pool_id || ', which does not exist.'
      FROM savings_amountshares s
     WHERE NOT EXISTS (SELECT 1 FROM savings_pool p WHERE p.id = s.pool_id)
     GROUP BY s.pool_id
    UNION ALL
    SELECT count(*) || ' shares of a total are of pool ' || s.pool_id || ', which does not exist.'
      FROM savings_poolshare s
     WHERE NOT EXISTS (SELECT 1 FROM savings_pool p WHERE p.id = s.pool_id)
     GROUP BY s.pool_id
    """,
)
