"""Finding a text in whatever case it is written, in all scripts, on either database and whatever its collation.

Both sides are brought to capitals in Unicode's normal form C, so that é is the same in one and in two code points.
ß is SS, and İ and ı are I: who searches for istanbul finds İstanbul, and rather too much than too little. No index is
kept for it: search only among rows that something else narrows down.
"""

import json
import unicodedata
from functools import cache
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.models import F, Func, Q, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan
from django.dispatch import receiver

# A collation of PostgreSQL that knows the capitals of all letters, the best first: by ICU, by PostgreSQL 18 and 17
# themselves, by the system's library. That of a cluster made without a locale knows A to Z alone.
COLLATIONS = ("und-x-icu", "pg_unicode_fast", "pg_c_utf8", "C.utf8", "en_US.utf8")
# Characters that are in normal form C whatever stands beside them, and their capitals as well. To bring a text into
# that form takes PostgreSQL ten times as long as all the rest, so it is asked to only where there are others. These are
# not all, but whole alphabets.
COMPOSED = (
    "\u0001-\u02ff\u0388-\u038f\u0391-\u03af\u03b1-\u0482\u048a-\u052f\u0620-\u064a\u0671-\u06d3\u0e01-\u0e37\u1e00-\u1eff\u2010-\u20cf"
    "\u3001-\u3029\u3030-\u3098\u30a1-\u9fff\uac00-\ud7a3\U0001f300-\U0001faff"
)
# What capitals leave apart, or only some collations make of small ones.
_ALIKE = (("İ", "I"), ("ß", "SS"), ("ẞ", "SS"))


def fold(text: str) -> str:
    """What is equal for texts that are found by each other."""
    if text.isascii():
        return text.upper()
    capitals = unicodedata.normalize("NFC", text.upper())
    for letter, other in _ALIKE:
        capitals = capitals.replace(letter, other)
    return capitals


def holds(where: Combinable | str, text: str, *, as_json: bool = False) -> Q:
    """The condition that the text is somewhere in an expression or field; `as_json`: in a text of the list or mapping
    that it is."""
    place = F(where) if isinstance(where, str) else where
    wanted = json.dumps(text, ensure_ascii=False)[1:-1] if as_json else text
    said = Value(wanted, output_field=TextField())
    return Q(GreaterThan(StrIndex(_Folded(place, as_json=as_json), _Folded(said)), 0))


class _Folded(Func):
    """`fold` by the database."""

    output_field = TextField()
    arity = 1

    def __init__(self, expression: Combinable, *, as_json: bool = False) -> None:
        super().__init__(expression)
        self.as_json = as_json

    def as_sqlite(self, compiler: Any, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        function = "fold_json" if self.as_json else "fold"
        return self.as_sql(compiler, connection, function=function, **context)

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper, **_context: Any) -> Any:
        (source,) = self.get_source_expressions()
        text, params = compiler.compile(source)
        name = _collation(connection.alias)
        capitals = f"upper({text} COLLATE {connection.ops.quote_name(name)})" if name else f"upper({text})"
        is_ascii = f"octet_length({text}) = length({text})"
        composed = f"CASE WHEN {text} ~ '[^{COMPOSED}]' THEN normalize({capitals}, NFC) ELSE {capitals} END"
        for letter, other in _ALIKE:
            composed = f"replace({composed}, '{letter}', '{other}')"
        sql = f"CASE WHEN {is_ascii} THEN upper({text}) ELSE {composed} END"
        return sql, [*params] * 6


@cache
def _collation(alias: str) -> str:
    """The best that this database has; "" where it has none of them."""
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT collname FROM pg_collation WHERE collname = ANY(%s)"
            " AND collencoding IN (-1, pg_char_to_encoding(getdatabaseencoding()))",
            [list(COLLATIONS)],
        )
        there = {name for (name,) in cursor.fetchall()}
    return next((name for name in COLLATIONS if name in there), "")


@receiver(connection_created)
def _teach(connection: BaseDatabaseWrapper, **_said: object) -> None:
    """SQLite knows A to Z alone, and keeps lists and mappings with all else escaped."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("fold", 1, _fold, deterministic=True)
        connection.connection.create_function("fold_json", 1, _fold_json, deterministic=True)


def _fold(value: object) -> str | None:
    return None if value is None else fold(str(value))


def _fold_json(value: object) -> str | None:
    if not isinstance(value, str):
        return _fold(value)
    try:
        return fold(json.dumps(json.loads(value), ensure_ascii=False))
    except ValueError:  # a text on its own, of which SQLite has taken the quotes away
        return fold(value)
