"""A sales department whose head leaves: people, plans, and whoever answers their mail."""

import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from acceptance_house import Folder, Mail, wait_for

from tenure.demo.visitor import Answer, visit

DEFINITIONS = Path(__file__).parents[2] / "definitions"
PROCESSES = (
    "development-plan",
    "recruiting",
    "requisition",
    "seat-handover",
    "succession-activation",
    "succession-planning",
    "exit",
)
PEOPLE = """\
number,name,email,manager,department,title,location,country,zone,roles,queues
n-max,Max Ried,max@example.org,,Board,Managing director,Berlin,DE,Europe/Berlin,executive-sponsor,
n-hed,Hedda Holm,hed@example.org,n-max,People,Head of HR,Berlin,DE,Europe/Berlin,head-of-hr,
n-hal,Hal Voss,hal@example.org,n-hed,People,HR partner,Berlin,DE,Europe/Berlin,hr-partner@Sales,
n-ida,Ida Roth,ida@example.org,n-max,IT,Administrator,Berlin,DE,Europe/Berlin,,it-desk
n-bob,Bob Hart,bob@example.org,n-max,Sales,Chief revenue officer,Berlin,DE,Europe/Berlin,,
n-ann,Ann Low,ann@example.org,n-bob,Sales,Head of Sales,Berlin,DE,Europe/Berlin,head-of-sales,
n-ben,Ben Fox,ben@example.org,n-ann,Sales,Key account lead,Berlin,DE,Europe/Berlin,key-accounts@Sales,
n-cid,Cid Moor,cid@example.org,n-ann,Sales,Account manager,Berlin,DE,Europe/Berlin,,
n-fay,Fay Ode,fay@example.org,n-max,Service,Head of Service,Berlin,DE,Europe/Berlin,,
n-gus,Gus Pell,gus@example.org,n-max,Product,Head of Product,Berlin,DE,Europe/Berlin,,
"""


@dataclass(frozen=True, kw_only=True)
class Stands:
    """One case."""

    name: str
    outcome: str | None
    places: tuple[str, ...]
    data: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Look:
    """How everything stood."""

    tables: dict[str, list[tuple]]
    cases: dict[tuple[str, str], Stands]  # by process, and what the case is about
    promised: list[str]  # what the record of that kind said of Ben, the oldest first

    def open(self, *processes: str) -> list[str]:
        return [
            each.name
            for (process, _), each in self.cases.items()
            if process in processes and each.outcome is None
        ]


@dataclass(kw_only=True)
class Office:
    """Everybody who works there, answering by the links in their mail and by nothing else."""

    folder: Folder
    used: set[str] = field(default_factory=set)  # links that were answered

    def asked(self, name: str, title: str, seconds: float = 240) -> Mail:
        """The mail that asks somebody for this, waiting for it to come."""
        address = f"{name}@example.org"

        def found() -> list[Mail]:
            mails = self.folder.mails() if self.folder.mail_count() else []
            return [
                mail
                for mail in mails
                if mail.to == address
                and mail.token
                and mail.token not in self.used
                and title in mail.text
            ]

        wait_for(found, seconds, f"a mail to {address} about {title!r}")
        return found()[0]

    def answer(self, who: str, title: str, button: str | None = None, **replies: str) -> None:
        """Opens the link, fills the page in, and presses the button."""
        mail = self.asked(who, title)
        said = {name.replace("__", "."): reply for name, reply in replies.items()}
        if button is not None:
            said[".decision"] = button
        done: Answer = visit(f"{self.folder.url}/t/{mail.token}", lambda _: said)
        assert done.outcome == "recorded", (who, title, done)
        self.used.add(str(mail.token))

    def told(self, name: str, title: str, seconds: float = 240) -> Mail:
        """A mail that asks for nothing."""
        address = f"{name}@example.org"

        def found() -> list[Mail]:
            return [m for m in self.folder.mails() if m.to == address and title in m.text]

        wait_for(found, seconds, f"a mail to {address} that says {title!r}")
        return found()[0]

    def look(self) -> "Look":
        """How everything stands, once what is due is done."""
        self.folder.settle()
        rows = self.folder.rows("SELECT name, process, subject, outcome, snapshot FROM [case]")
        promised = "SELECT value FROM record WHERE kind = 'promised' ORDER BY id"
        return Look(
            tables=self.folder.tables(),
            cases={
                (process, subject): Stands(
                    name=name,
                    outcome=outcome,
                    places=tuple(json.loads(snapshot)["configuration"]),
                    data=json.loads(snapshot)["data"],
                )
                for name, process, subject, outcome, snapshot in rows
            },
            promised=[json.loads(value) for (value,) in self.folder.rows(promised)],
        )

    def person(self, number: str) -> str:
        """The id behind a number of the people file."""
        return str(self.folder.count("SELECT id FROM person WHERE number = ?", number))


def day(name: str, on: date) -> dict[str, str]:
    """A date, as its three boxes take it."""
    parts = {"day": on.day, "month": on.month, "year": on.year}
    return {f"{name}__{part}": str(number) for part, number in parts.items()}
