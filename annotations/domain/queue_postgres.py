"""The two statements that a busy queue lives on, for PostgreSQL: one takes an answer in, one hands records out.

Each is one round trip and one transaction of its own, and does what the functions of `annotations.domain.queue`
and `responding` do in several steps where a database has no statements that write in their parts (SQLite). What the
one refuses is tried again there, and explained.

Rows are locked in the order contributor, assignment, record: a part that needs a lock reads the part that has the one
before it. A part sees the tables as they were when the statement began, but a row that it locks as it is now; so
whatever decides is read from locked rows.
"""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection

from annotations.domain.queue_search import Search
from annotations.models import Assignment, Contributor, Record
from dibt.lib.rows import Rows

_CONTRIBUTORS, _RECORDS = Rows(Contributor), Rows(Record)
_ANSWER = """
WITH me AS (
    SELECT c.id, c.last_queue_key, c.search_number
    FROM annotations_contributor c JOIN accounts_user u ON u.id = c.user_id
    WHERE c.project_id = %(project)s AND c.user_id = %(user)s
      AND c.licence_accepted_at IS NOT NULL AND u.shown_as <> ''
      AND NOT EXISTS (SELECT 1 FROM annotations_withdrawal w WHERE w.public_id = %(public_id)s)
    FOR NO KEY UPDATE OF c
), place AS (
    DELETE FROM annotations_assignment a USING me
    WHERE a.contributor_id = me.id AND a.record_id = %(record)s
    RETURNING a.record_id, a.contributor_id, a.search_number
), before AS (
    SELECT r.id, r.submitted_count < r.overlap AS counted, r.submitted_count + 1 = r.overlap AS completes
    FROM annotations_record r JOIN place ON place.record_id = r.id
    FOR NO KEY UPDATE OF r
), filled AS (
    UPDATE annotations_record r
    SET submitted_count = r.submitted_count + b.counted::int, open_slots = r.open_slots + (NOT b.counted)::int
    FROM before b WHERE r.id = b.id
    RETURNING r.id, r.queue_key, b.counted, b.completes
), answer AS (
    INSERT INTO annotations_response (project_id, record_id, contributor_id, public_id, schema_version_id,
        guidelines_version_id, "values", surplus, submitted_at)
    SELECT %(project)s, p.record_id, p.contributor_id, %(public_id)s, %(schema)s, %(guidelines)s, %(values)s::jsonb,
        NOT f.counted, %(now)s
    FROM place p JOIN filled f ON f.id = p.record_id
    RETURNING id
), draft AS (
    DELETE FROM annotations_draft d USING place p
    WHERE d.record_id = p.record_id AND d.contributor_id = p.contributor_id
), mine AS (
    UPDATE annotations_contributor c
    SET submitted_count = c.submitted_count + 1, last_answer_at = %(now)s,
        last_queue_key = CASE WHEN p.search_number = me.search_number THEN f.queue_key ELSE me.last_queue_key END
    FROM filled f, place p, me WHERE c.id = me.id
    RETURNING {contributor}
), delta AS (
    INSERT INTO annotations_totalsdelta (project_id, day, records, complete, responses, contributors)
    SELECT %(project)s, %(day)s, 0, f.completes::int, 1, (m.submitted_count = 1)::int FROM filled f, mine m
)
SELECT answer.id, filled.counted, mine.* FROM answer, filled, mine
"""
_HOLD = """
WITH me AS (
    UPDATE annotations_contributor SET claims = claims + 1 WHERE id = %(me)s AND claims = %(claims)s RETURNING id
), mine AS (
    UPDATE annotations_assignment a
    SET expires_at = CASE WHEN a.taken_along AND %(along)s THEN a.expires_at ELSE GREATEST(a.expires_at, %(until)s) END,
        taken_along = a.taken_along OR %(along)s
    WHERE a.id IN (SELECT x.id FROM annotations_assignment x JOIN me ON x.contributor_id = me.id
                   WHERE x.expires_at > %(now)s ORDER BY x.id LIMIT %(most)s)
    RETURNING a.id, a.record_id, a.created_at, a.expires_at, a.taken_along
), found AS (
    SELECT r.id, r.queue_key FROM annotations_record r
    WHERE EXISTS (SELECT 1 FROM me)
      AND {wanted}
    ORDER BY r.queue_key LIMIT %(most)s
    FOR NO KEY UPDATE OF r {skip}
), chosen AS (
    SELECT id FROM found ORDER BY queue_key LIMIT (SELECT GREATEST(0, %(most)s - count(*)) FROM mine)
), taken AS (
    UPDATE annotations_record r SET open_slots = r.open_slots - 1 FROM chosen WHERE r.id = chosen.id RETURNING r.*
), fresh AS (
    INSERT INTO annotations_assignment (record_id, contributor_id, created_at, expires_at, taken_along, search_number)
    SELECT taken.id, %(me)s, %(now)s, %(until)s, %(along)s, %(search)s FROM taken ORDER BY taken.queue_key
    RETURNING id, record_id, created_at, expires_at, taken_along
), held AS (
    SELECT m.id AS held_id, m.created_at, m.expires_at, m.taken_along, {record}
    FROM mine m JOIN annotations_record r ON r.id = m.record_id
    UNION ALL
    SELECT f.id, f.created_at, f.expires_at, f.taken_along, {record} FROM fresh f JOIN taken r ON r.id = f.record_id
)
SELECT held.* FROM me LEFT JOIN held ON true ORDER BY held.held_id
"""


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer that was taken in: its id, whether it counts, and its author's row as it is now."""

    response_id: int
    counted: bool
    contributor: Contributor


def answer(
    *,
    project_id: int,
    user_id: int,
    record_id: int,
    public_id: uuid.UUID,
    schema_id: int,
    guidelines_id: int | None,
    values: Mapping[str, object],
    now: datetime,
) -> Answered | None:
    """Turn the place that this person holds into an answer; None, and nothing changed, when they hold none or have
    not yet agreed to what is asked before the first answer, or deleted an answer of that id.

    Raises IntegrityError where the id is that of another answer.
    """
    said: dict[str, Any] = {
        "project": project_id,
        "user": user_id,
        "record": record_id,
        "public_id": public_id,
        "schema": schema_id,
        "guidelines": guidelines_id,
        "values": json.dumps(values, ensure_ascii=False),
        "now": now,
        "day": now.date(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_answer_statement(), said)
        row = cursor.fetchone()
    if row is None:
        return None
    return Answered(row[0], row[1], _CONTRIBUTORS.read(row[2:]))


def hold(
    contributor: Contributor,
    search: Search,
    *,
    most: int,
    now: datetime,
    until: datetime,
    along: bool = False,
) -> list[Assignment] | None:
    """Keep the first `most` that this person holds, and take records where the search says, in their order, up to as
    many. None, and nothing changed, when
    somebody (the same person, in another tab) has taken records since `contributor` was read.
    """
    said: dict[str, Any] = search.values(contributor) | {
        "claims": contributor.claims,
        "search": search.number,
        "most": most,
        "now": now,
        "until": until,
        "along": along,
    }
    with connection.cursor() as cursor:
        cursor.execute(_hold_statement(search.wanted(), patiently=search.patiently), said)
        rows = cursor.fetchall()
    if not rows:
        return None
    contributor.claims += 1
    return [_assignment(contributor, row) for row in rows if row[0] is not None]


def _assignment(contributor: Contributor, row: tuple[Any, ...]) -> Assignment:
    held_id, created_at, expires_at, taken_along, *values = row
    return Assignment(
        id=held_id,
        record=_RECORDS.read(values),
        contributor=contributor,
        created_at=created_at,
        expires_at=expires_at,
        taken_along=taken_along,
    )


@cache
def _answer_statement() -> str:
    return _ANSWER.format(contributor=_CONTRIBUTORS.columns("c"))


@cache
def _hold_statement(wanted: str, *, patiently: bool) -> str:
    skip = "" if patiently else "SKIP LOCKED"
    return _HOLD.format(record=_RECORDS.columns("r"), wanted=wanted, skip=skip)
