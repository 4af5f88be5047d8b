"""Every command at a glance: its name, where it stands, and what its help says.

Commands are named as text, so that their rooms are loaded only when one of them is run.
"""

from dataclasses import dataclass
from importlib.metadata import version
from typing import Final

import cyclopts

_ABOUT: Final = """HR processes as YAML state machines: run, reminded, escalated and provable.

`tenure demo` shows everything in a minute; `tenure check FILE` reads a process of yours.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Command:
    name: str  # `people import` is a command of a group
    target: str  # module and function
    help: str  # the first sentence is what lists show


COMMANDS: Final = (
    Command(
        name="demo",
        target="tenure.cli.running:demo",
        help="Show everything with an invented company: mail, pages, cases and their record.\n\n"
        "Works in a folder of its own, so that nothing of yours is touched.",
    ),
    Command(
        name="serve",
        target="tenure.cli.running:serve",
        help="Run the pages and the background work until you stop it.",
    ),
    Command(
        name="check",
        target="tenure.cli.authoring:check",
        help="Tell everything that is wrong with definitions.\n\n"
        "Of a folder every .yaml and .yml file in it is read. The exit code is 1 if there is an "
        "error; a warning does not count.\n\n"
        "With --fix, slips that can only be meant in one way are mended in the file first.",
    ),
    Command(
        name="dev",
        target="tenure.cli.dev:dev",
        help="Work on a definition: drawn, checked on every save, and played as anybody.\n\n"
        "A page on this machine alone shows the diagram, every form and every mail, moves the "
        "clock, and writes what was played as a test. Nothing is sent and nothing is kept.",
    ),
    Command(
        name="test",
        target="tenure.cli.playing:play",
        help="Play the `tests:` of definitions on a virtual clock.\n\n"
        "Shows the step that went otherwise than written and how things stood, and which states "
        "and transitions no test came by. The exit code is 1 if a test failed.",
    ),
    Command(
        name="rehearse",
        target="tenure.cli.rehearsing:rehearse",
        help="Play whole cohorts over virtual months, before anybody gets a mail.\n\n"
        "Needs no database: people, changes and definitions are files. Tells how cases end, which "
        "stand still and why, what was never taken, who had how much to do, and what mail there "
        "would be. The exit code is 1 if a case is stuck or could not begin.",
    ),
    Command(
        name="graph",
        target="tenure.cli.graph:graph",
        help="Draw a process as an outline, as SVG, as Mermaid text, or as data.\n\n"
        "With `--case` the place and the way of a case are marked on the version that it runs on; "
        "with `--counts` each step shows how many cases stand there and how long they wait, the "
        "median against the time that was given.",
    ),
    Command(
        name="schema",
        target="tenure.cli.schema:schema",
        help="Write the JSON Schema of the language, which makes editors complete and explain.\n\n"
        "`tenure schema --out process.schema.json`, then the first line of a definition names it; "
        "docs/reference/editor.md shows it for VS Code, Neovim and JetBrains.",
    ),
    Command(
        name="explain",
        target="tenure.cli.explaining:explain",
        help="Explain the code of a message, with a wrong and a right example.",
    ),
    Command(
        name="publish",
        target="tenure.cli.publishing:publish",
        help="Make definitions ready to be started.\n\n"
        "A published version never changes: other content wants a higher `version:`. Publishing "
        "the very same text again changes nothing.",
    ),
    Command(
        name="diff",
        target="tenure.cli.versions:show_diff",
        help="Tell what differs between two versions, in the words of the process.",
    ),
    Command(
        name="plan",
        target="tenure.cli.versions:plan",
        help="Tell what a new version would do to every running case, and do nothing.\n\n"
        "The exit code is 1 if a case would have no place in it; such a plan is not saved.",
    ),
    Command(
        name="migrate",
        target="tenure.cli.versions:migrate",
        help="Move running cases to a new version, exactly as a saved plan says.\n\n"
        "After a stop run it again: what was moved stays moved. The exit code is 1 if a case that "
        "moved on since the plan was left where it is.",
    ),
    Command(
        name="people import",
        target="tenure.cli.people:import_people",
        help="Bring the directory up to date from a CSV file.\n\n"
        "Tells first what would change. Importing the same file again changes nothing. Open "
        "tasks move to the new owners of who moved or left.",
    ),
    Command(
        name="people sync",
        target="tenure.cli.syncing:sync",
        help="Bring the directory up to date from an identity system, by SCIM 2.0.\n\n"
        "Who is not in it, or not active, has left. Needs the extra `scim`; the token is "
        "TENURE_SCIM_TOKEN.",
    ),
    Command(
        name="people list",
        target="tenure.cli.people:list_people",
        help="List who is in the directory.",
    ),
    Command(
        name="people away",
        target="tenure.cli.absences:away",
        help="Enter that somebody is away and who acts for them, or list who is.\n\n"
        "Their open tasks go to the stand-in on the first day and come back on the last. Of a "
        "leave processes about the person hear as well, and may pause.",
    ),
    Command(
        name="people back",
        target="tenure.cli.absences:call_back",
        help="Enter that somebody is back, earlier than was said or at last.\n\n"
        "Who is not away on that day has their next absence called off.",
    ),
    Command(
        name="start",
        target="tenure.cli.starting:start",
        help="Start a case, or one for everybody in a file.\n\n"
        "A cohort file is CSV with the column `number` (of the person) and one column for each "
        "field that the process asks at its start. With --eligible the process itself says whom: "
        "everybody whom the `if` of that cohort in its `starts:` holds for.",
    ),
    Command(
        name="cohort list",
        target="tenure.cli.bulk:list_cohorts",
        help="List bulk starts, the newest first, and how far each is.",
    ),
    Command(
        name="cohort show",
        target="tenure.cli.bulk:show_cohort",
        help="Tell how far a bulk start is: where its cases are, and who has none and why.",
    ),
    Command(
        name="cohort add",
        target="tenure.cli.bulk:add_to_cohort",
        help="Let somebody join a bulk start late, or everybody who is eligible by now.",
    ),
    Command(
        name="cohort remove",
        target="tenure.cli.bulk:remove_from_cohort",
        help="Take somebody out of a bulk start.\n\n"
        "Their case is cancelled, with the reason; who has none yet gets none.",
    ),
    Command(
        name="starter",
        target="tenure.cli.starter.command:starter",
        help="Set up the smallest talent management that works, and show how far it is.\n\n"
        "From a people file: skills of the best fifth, somebody who could follow for the most "
        "critical positions (five, or one in a company of up to 50), and a plan of 90 days for "
        "the one furthest from ready. Run again it starts what is missing and shows three checks.",
    ),
    Command(
        name="starts",
        target="tenure.cli.rules:starts",
        help="List what starts cases by itself, when next, and what came of it.",
    ),
    Command(
        name="cases",
        target="tenure.cli.looking:cases",
        help="List cases, the newest first.",
    ),
    Command(
        name="tasks",
        target="tenure.cli.looking:tasks",
        help="List open tasks, the oldest first.",
    ),
    Command(
        name="history",
        target="tenure.cli.looking:history",
        help="Tell what happened in a case.",
    ),
    Command(
        name="records",
        target="tenure.cli.records:records",
        help="List the shared records that cases have written, such as ratings.\n\n"
        "Of each kind and person the one that is valid; with --stale what has expired and was not "
        "renewed, with --all everything that ever was.",
    ),
    Command(
        name="insight",
        target="tenure.cli.insight:insight",
        help="Tell figures across processes, and what should have happened and did not.\n\n"
        "With a name, such as `action-rate`, that one with its definition and the cases behind it. "
        "docs/reference/insight.md defines them all.",
    ),
    Command(
        name="advice",
        target="tenure.cli.advice:advice",
        help="Tell what analytics found in a case, and run them again from the frozen input.\n\n"
        "The exit code is 1 if the same input gives something else now.",
    ),
    Command(
        name="answer",
        target="tenure.cli.answering:answer",
        help="Answer a task as somebody else, to try a process out.\n\n"
        "Only where no mail server is set: there all mail stays on this machine, and whoever "
        "reads it could follow the links as well.",
    ),
    Command(
        name="signal",
        target="tenure.cli.operating:signal",
        help="Raise a signal that cases wait for.\n\n"
        "It is kept: a case that comes to wait for it later gets it then.",
    ),
    Command(
        name="reassign",
        target="tenure.cli.handing:reassign",
        help="Give open tasks to somebody else, with what was written so far.\n\n"
        "What the process keeps from them is refused and told; the exit code is then 1.",
    ),
    Command(
        name="cancel",
        target="tenure.cli.operating:cancel",
        help="End an open case before its time.",
    ),
    Command(
        name="retention",
        target="tenure.cli.retaining:retention",
        help="Erase what the `retention:` of its definition keeps no longer.\n\n"
        "Runs every night while `tenure serve` does. The history keeps what happened when, and "
        "a line that says what was erased.",
    ),
    Command(
        name="hold",
        target="tenure.cli.retaining:hold",
        help="Keep a case from being erased: a legal hold.",
    ),
    Command(
        name="release",
        target="tenure.cli.retaining:release",
        help="Lift the legal hold of a case.",
    ),
    Command(
        name="incidents",
        target="tenure.cli.operating:incidents",
        help="List what only a person can put right.",
    ),
    Command(
        name="retry",
        target="tenure.cli.operating:retry",
        help="Let a case go on after the cause of an incident was repaired.",
    ),
    Command(
        name="verify",
        target="tenure.cli.proof:verify",
        help="Check that the record is whole: every hash, and every case played once more.\n\n"
        "Tells the first altered row; the exit code is then 1.",
    ),
    Command(
        name="export",
        target="tenure.cli.proof:export",
        help="Write cases, their history and all that figures are computed from into files.\n\n"
        "The same data give the same bytes. Cases come with their data but for sensitive fields; "
        "the history comes without names and answers, and with its hashes; people come without "
        "their addresses.",
    ),
    Command(
        name="doctor",
        target="tenure.cli.doctor:doctor",
        help="Look whether everything is in order on this machine.",
    ),
    Command(
        name="upgrade",
        target="tenure.cli.running:upgrade",
        help="Bring the database's tables up to this version of tenure.\n\n"
        "Every command that opens the database does so too; run it alone when several machines "
        "share one.",
    ),
)


# Name, help, and the command beside which it stands in lists.
_GROUPS: Final = (
    ("people", "The directory: who works here and for whom.", "people import"),
    ("cohort", "Bulk starts: how far they are, who joins late, who is taken out.", "cohort list"),
)


def command_line() -> cyclopts.App:
    """The parser of all commands; calling it with words runs one."""
    app = cyclopts.App(
        name="tenure",
        help=_ABOUT,
        version=version("tenure"),
        result_action="return_value",
        suppress_keyboard_interrupt=False,  # the edge says it in its own words
        help_format="plaintext",
    )
    places = {command.name: place for place, command in enumerate(COMMANDS)}
    groups = {
        name: cyclopts.App(name=name, help=about, sort_key=places[first])
        for name, about, first in _GROUPS
    }
    for group in groups.values():
        app.command(group)
    for place, command in enumerate(COMMANDS):
        of, _, last = command.name.rpartition(" ")
        groups.get(of, app).command(command.target, name=last, help=command.help, sort_key=place)
    return app
