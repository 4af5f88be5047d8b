"""Options that several commands share, with one wording for each."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

Home = Annotated[
    Path | None,
    Parameter(help="Folder of the database, mail and logs; TENURE_HOME or .tenure if absent."),
]
Format = Annotated[Literal["text", "json"], Parameter(help="For people, or for programs.")]
Paths = Annotated[
    tuple[Path, ...],
    Parameter(help="Definitions, or folders with definitions.", consume_multiple=True, negative=""),
]
Set = Annotated[
    tuple[str, ...],
    Parameter(
        name="--set",
        help="A value, as `field=value`; may be repeated. Dates as 2027-02-01, people by number "
        "or name, guests as `Name <address>`, lists with commas between, tables as JSON.",
        show_default=False,
        negative="",
    ),
]
