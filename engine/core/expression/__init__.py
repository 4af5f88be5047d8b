"""The expressions of a process: CEL behind one small port, checked in the author's own words."""

from engine.core.expression.by_name import ByName, names_asked, settled
from engine.core.expression.environment import (
    MAX_LENGTH,
    Environment,
    compile_expression,
    compile_template,
)
from engine.core.expression.expr import Expr
from engine.core.expression.kinds import (
    ANY,
    BOOL,
    DATE,
    DATETIME,
    DURATION,
    NUMBER,
    TEXT,
    Kind,
    Type,
    choice,
    field_names,
    field_type,
    fits,
    list_of,
    person,
    record,
)
from engine.core.expression.library import Calendar
from engine.core.expression.operators import RESERVED_NAMES
from engine.core.expression.problems import (
    CODES,
    ExpressionFailed,
    ExpressionRefused,
    Problem,
)
from engine.core.expression.template import Template

__all__ = [
    "ANY",
    "BOOL",
    "CODES",
    "DATE",
    "DATETIME",
    "DURATION",
    "MAX_LENGTH",
    "NUMBER",
    "RESERVED_NAMES",
    "TEXT",
    "ByName",
    "Calendar",
    "Environment",
    "Expr",
    "ExpressionFailed",
    "ExpressionRefused",
    "Kind",
    "Problem",
    "Template",
    "Type",
    "choice",
    "compile_expression",
    "compile_template",
    "field_names",
    "field_type",
    "fits",
    "list_of",
    "names_asked",
    "person",
    "record",
    "settled",
]
