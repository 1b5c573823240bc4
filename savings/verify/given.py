"""What the laws of one alliance read: each table and the query that fills it."""

# What the laws of one alliance read, copied to temporary tables: PostgreSQL then knows their sizes
# and plans each law well, whatever it knew of the whole. %(alliance)s is the alliance's id,
# %(method)s the engine's version: what another has worked out is behind.
GIVEN = {
    "closed": """
        SELECT year, closed_at FROM savings_financialyear
         WHERE alliance_id = %(alliance)s AND closed_at IS NOT NULL
    """,
    "behind": """
        SELECT DISTINCT area_id, year FROM savings_recomputerequest
         WHERE alliance_id = %(alliance)s
         UNION
        SELECT area_id, year FROM savings_pool
         WHERE alliance_id = %(alliance)s AND engine <> %(method)s
           AND year NOT IN (SELECT year FROM closed)
    """,
    "pool": """
        SELECT p.id, p.area_id, p.year, p.kind, p.version, p.ratio_id, p.withheld,
               p.total_pence::numeric AS total, p.worked_out_at,
               b.code || ', ' || p.year || '/' || lpad(((p.year + 1) %% 100)::text, 2, '0')
               || ', ' || lower(p.version) || ' ' || lower(p.kind) || 's' AS name,
               (p.area_id, p.year) NOT IN (SELECT area_id, year FROM behind) AS is_current
          FROM savings_pool p JOIN business_areas_businessarea b ON b.id = p.area_id
         WHERE p.alliance_id = %(alliance)s
    """,
    "line": """
        SELECT a.id, i.area_id, a.year, a.version, a.starts_on, a.pence::numeric AS pence,
               CASE WHEN i.kind = 'SAVING' THEN 'SAVING' ELSE 'COST' END AS kind,
               CASE WHEN i.kind = 'GRANT' THEN -1 ELSE 1 END AS sign,
               i.code || ', ' || a.starts_on || ', ' || lower(a.version) AS name,
               (i.area_id, a.year) NOT IN (SELECT area_id, year FROM behind) AS is_current
          FROM savings_item i JOIN savings_amount a ON a.item_id = i.id
         WHERE i.alliance_id = %(alliance)s
    """,
    "own": """
        SELECT s.pool_id, s.amount_id, part.force_id, cell.pence::numeric AS pence
          FROM pool JOIN savings_amountshares s ON s.pool_id = pool.id
         CROSS JOIN LATERAL unnest(s.pence) WITH ORDINALITY AS cell (pence, place)
          LEFT JOIN savings_ratiopart part
            ON part.ratio_id = pool.ratio_id AND part.position = cell.place - 1
    """,
    "part": """
        SELECT p.ratio_id, p.force_id, p.position, p.weight, p.percentage, f.code AS force,
               sum(p.weight) OVER (PARTITION BY p.ratio_id) AS whole
          FROM savings_ratiopart p
          JOIN savings_sharingratio r ON r.id = p.ratio_id
          JOIN programmes_force f ON f.id = p.force_id
         WHERE r.alliance_id = %(alliance)s
    """,
}
