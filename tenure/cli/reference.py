"""The reference page of the command line, made from the commands themselves."""

import sys

from tenure.cli.commands import command_line

_HEAD = """\
# The command line

This page is made from the commands: `python -m tenure.cli.reference > docs/reference/cli.md`.

Every command answers `--help`.
Those that read something know `--format json`: instants are ISO 8601 in UTC, and lists are lists.
Colours follow `NO_COLOR` and `TERM=dumb`; where a terminal is not UTF-8, plain ASCII is printed.
Nothing is asked when nobody is at the terminal.

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | understood, and the answer is no: the sentence on standard error says why |
| 2 | not understood: a command or an option that does not exist, or one that is missing |
| 70 | a defect of tenure; what happened is in the file that the sentence names |
| 130 | stopped with Ctrl-C |

Settings come from the environment (`TENURE_…`) and from `tenure.env` in tenure's folder.
"""


def reference() -> str:
    """The whole page as Markdown."""
    pages = command_line().generate_docs()
    commands = pages[pages.index("\n## tenure people") :]
    lines = [line.replace(" *[default: False]*", "") for line in commands.splitlines()]
    return f"{_HEAD}\n" + "\n".join(lines).strip("\n") + "\n"


if __name__ == "__main__":
    sys.stdout.write(reference())
