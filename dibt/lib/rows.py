"""Model instances out of hand-written SQL, for the few statements that a query set is too slow for.

A query set puts its statement together anew each time, which takes longer than the database needs to answer it. What
is read here is converted as a query set would, on each database.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Model

M = TypeVar("M", bound=Model)
Convert = Callable[[Any], Any]


class Rows(Generic[M]):
    """All columns of a model, in a fixed order: `columns` names them in a statement, `read` makes an instance."""

    def __init__(self, model: type[M]) -> None:
        self.model = model
        self.names = [field.attname for field in model._meta.concrete_fields]

    def columns(self, alias: str) -> str:
        quoted = (connection.ops.quote_name(str(field.column)) for field in self.model._meta.concrete_fields)
        return ", ".join(f"{alias}.{column}" for column in quoted)

    def read(self, values: Sequence[Any]) -> M:
        """The instance of as many values as there are columns."""
        converted = list(values)
        for place, convert in _converters(self.model, connection.vendor):
            converted[place] = convert(converted[place])
        return self.model.from_db(connection.alias, self.names, converted)

    def __len__(self) -> int:
        return len(self.names)


@cache
def _converters(model: type[Model], _vendor: str) -> list[tuple[int, Convert]]:
    """Where a value of the database is not that of the field, and what makes it so."""
    return list(_each_converter(model))


def _each_converter(model: type[Model]) -> Iterator[tuple[int, Convert]]:
    for place, field in enumerate(model._meta.concrete_fields):
        column = field.get_col(model._meta.db_table)
        for convert in [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)]:
            yield place, _bound(convert, column)


def _bound(convert: Callable[[Any, Any, Any], Any], column: Any) -> Convert:
    return lambda value: convert(value, column, connection)
