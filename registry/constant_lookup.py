"""Compare a column with a constant that is written into the SQL.

PostgreSQL plans a statement that it has prepared once for all values of its parameters, and then
cannot know that ``confidentiality = $1`` is what a partial index was made for. A constant of the
program, and nothing that anybody typed, may be written out: ``filter(confidentiality__is="sealed")``.
"""

from __future__ import annotations

import re
from typing import Any

from django.db.models import CharField, Lookup

CONSTANT = re.compile(r"[a-z_]+")


@CharField.register_lookup
class Is(Lookup):
    lookup_name = "is"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        constant = str(self.rhs)
        if not CONSTANT.fullmatch(constant):
            raise ValueError("only a constant of the program can be written into SQL")
        left, parameters = self.process_lhs(compiler, connection)
        return f"{left} = '{constant}'", tuple(parameters)
