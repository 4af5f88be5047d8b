"""The outermost edge: whatever goes wrong below becomes a sentence and an exit code."""

import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Final

import cyclopts

from tenure.cli.commands import COMMANDS, command_line
from tenure.cli.terminal import complain

DONE: Final = 0
WRONG: Final = 1  # it was understood, and the answer is no
USAGE: Final = 2  # it was not understood
DEFECT: Final = 70  # the fault is ours
INTERRUPTED: Final = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code; `argv` is without the program's name."""
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        code = command_line()(words, exit_on_error=False, print_error=False)
        sys.stdout.flush()
    except cyclopts.CycloptsError as misunderstood:
        return _misunderstood(misunderstood)
    except BrokenPipeError:
        # Whoever read us has enough; Python would complain once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return WRONG
    except KeyboardInterrupt:
        complain("Stopped.")
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the edge is where everything ends
        return _failed(error)
    return code if isinstance(code, int) else DONE


def _misunderstood(error: cyclopts.CycloptsError) -> int:
    chain = list(error.command_chain or ())
    if isinstance(error, cyclopts.UnknownCommandError):
        # The library's own sentence would load every command to list them.
        said = _no_command(" ".join([*chain, *(error.unused_tokens or ())[:1]]))
    else:
        said = _said(error)
    complain(f"{said} `{' '.join(['tenure', *chain, '--help'])}` tells what there is.")
    return USAGE


def _said(error: cyclopts.CycloptsError) -> str:
    """The library's sentence, or ours where its own speaks to programmers."""
    match error:
        case cyclopts.MissingArgumentError(argument=asked, keyword=None) if asked and not (
            asked.tokens
        ):
            return f"{asked.name} is missing."
        case cyclopts.MissingArgumentError(keyword=str(name)):
            return f"{name} needs a value behind it."
        case cyclopts.CoercionError(target_type=wanted, token=token) if wanted is int and token:
            name = token.keyword or (error.argument.name if error.argument else "It")
            return f"{name} wants a whole number; “{token.value}” is none."
        case cyclopts.UnusedCliTokensError(unused_tokens=[first, *_]):
            return f"`{first}` is more than this command takes."
        case _:
            return str(error).strip()


def _no_command(name: str) -> str:
    near = get_close_matches(name, [command.name for command in COMMANDS], n=1)
    return f"There is no command `{name}`." + (f" Did you mean `{near[0]}`?" if near else "")


def _failed(error: Exception) -> int:
    from engine.store import trouble_of  # noqa: PLC0415 - as in `_is_a_sentence`

    if _is_a_sentence(error):
        complain(str(error))
        return WRONG
    trouble = trouble_of(error)
    if trouble is not None:
        complain(trouble)
        return WRONG
    handle, name = tempfile.mkstemp(prefix="tenure-", suffix=".txt")
    with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as file:
        file.writelines(traceback.format_exception(error))
    complain(
        f"This is a defect of tenure, not of what you did ({type(error).__name__}). "
        f"What happened stands in {name}; please send it to whoever looks after tenure."
    )
    return DEFECT


def _is_a_sentence(error: Exception) -> bool:
    """Whether the message was written for the person at the terminal.

    Looked up only when something failed, so that `--help` loads none of these rooms.
    """
    from engine.directory import ImportRefused, PlaceUnknown, SheetUnreadable  # noqa: PLC0415
    from engine.service.errors import ServiceError  # noqa: PLC0415
    from engine.store import StoreError  # noqa: PLC0415
    from tenure.cli.stopped import Stopped  # noqa: PLC0415
    from tenure.settings import SettingsWrong  # noqa: PLC0415

    known = (
        Stopped,
        SettingsWrong,
        StoreError,
        ServiceError,
        ImportRefused,
        PlaceUnknown,
        SheetUnreadable,
    )
    return isinstance(error, known)
