"""People as they are named at a terminal: by number, address or name."""

from engine.directory import Roster
from tenure.cli.stopped import Stopped

_SHOWN = 5


def find_person(roster: Roster, words: str) -> str:
    """The id of the one person that fits; who has left is found by number or address only.

    Raises Stopped if nobody fits, or several.
    """
    wanted = words.strip().casefold()
    if words in roster.people:
        return words
    if words in roster.by_number:
        return roster.by_number[words]
    everybody = roster.people.values()
    found = [one for one in everybody if wanted and (one["email"] or "").casefold() == wanted]
    if not found:
        present = [one for one in everybody if one["active"]]
        found = [one for one in present if str(one["name"]).casefold() == wanted] or [
            one
            for one in present
            if wanted and all(word in str(one["name"]).casefold() for word in wanted.split())
        ]
    if len(found) == 1:
        return str(found[0]["id"])
    if not found:
        raise Stopped(
            f"The directory knows nobody called “{words}”. Name them by number, mail address or "
            "name; `tenure people list` shows who is there."
        )
    named = ", ".join(f"{one['name']} ({one['number']})" for one in found[:_SHOWN])
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    raise Stopped(f"“{words}” may be {named}{more}. Name one of them by number.")
