"""Lists whose SQL is written once and run many times.

Writing SQL costs the object-relational mapper several times what PostgreSQL needs to run it, and a
list asks the same few questions all day. A ``WrittenList`` keeps the SQL that a queryset writes,
and runs it with another place in the list each time. What it gives is what ``queryset.values(…)``
would give.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection, models

Place = tuple[Any, Any]
PLACES: dict[type, Place] = {
    datetime: (datetime(1, 2, 3, 4, 5, 6, 7, tzinfo=UTC), -71_830_417),
    str: ("\ue000place in the list\ue001", -71_830_417),
}
"""Values that stand for the place in a list while its SQL is written: no row and no filter has
them. By the type of the column that the list is ordered by."""
Converter = tuple[int, list[Callable[..., Any]], Any]


@dataclass(frozen=True)
class WrittenList:
    """SQL, its parameters, and which of them are the place (value of the column, key)."""

    sql: str
    parameters: tuple[Any, ...]
    value_at: tuple[int, ...]
    key_at: tuple[int, ...]
    columns: tuple[str, ...]
    column: models.Field[Any, Any]
    converters: tuple[Converter, ...]

    @classmethod
    def of(
        cls,
        queryset: models.QuerySet[Any],
        columns: tuple[str, ...],
        ordered_by: str,
        place: Place | None,
    ) -> WrittenList:
        """Write the SQL of ``queryset.values(*columns)``, in which ``place`` may stand.

        Raises ValueError when the place is not found among the parameters.
        """
        compiler = queryset.values(*columns).query.get_compiler(using=queryset.db)
        sql, parameters = compiler.as_sql()
        column = queryset.model._meta.get_field(ordered_by)
        value_at: tuple[int, ...] = ()
        key_at: tuple[int, ...] = ()
        if place is not None:
            marker = column.get_db_prep_value(place[0], connection)
            value_at = tuple(n for n, given in enumerate(parameters) if given == marker)
            key_at = tuple(n for n, given in enumerate(parameters) if given == place[1])
            if not value_at or not key_at:
                raise ValueError("the place in the list is not in its SQL")
        converters = compiler.get_converters(selected for selected, *_rest in compiler.select)
        return cls(
            sql=sql,
            parameters=tuple(parameters),
            value_at=value_at,
            key_at=key_at,
            columns=columns,
            column=column,
            converters=tuple((n, *found) for n, found in converters.items()),
        )

    def rows(self, place: Place | None = None) -> list[dict[str, Any]]:
        """Run it from this place. One query."""
        parameters = list(self.parameters)
        if place is not None:
            value = self.column.get_db_prep_value(place[0], connection)
            for n in self.value_at:
                parameters[n] = value
            for n in self.key_at:
                parameters[n] = place[1]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, parameters)
            found = cursor.fetchall()
        if self.converters:
            found = [self._converted(row) for row in found]
        return [dict(zip(self.columns, row, strict=True)) for row in found]

    def _converted(self, row: tuple[Any, ...]) -> list[Any]:
        values = list(row)
        for n, converters, expression in self.converters:
            for converter in converters:
                values[n] = converter(values[n], expression, connection)
        return values
