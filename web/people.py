"""Finding people by what somebody remembers of their name."""

import unicodedata
from collections.abc import Mapping
from typing import Any

_MOST = 12


def search(
    everybody: Mapping[str, Mapping[str, Any]], words: str
) -> tuple[tuple[str, str, str | None], ...]:
    """Id, name and what tells two people of one name apart; all words must fit.

    Only who works here now; accents do not matter.
    """
    wanted = _plain(words).split()
    if not wanted:
        return ()
    found = []
    for person in everybody.values():
        haystack = _plain(f"{person['name']} {person.get('number', '')}")
        if person["active"] and all(word in haystack for word in wanted):
            note = ", ".join(filter(None, (person.get("title"), person.get("department"))))
            found.append((str(person["id"]), str(person["name"]), note or None))
    return tuple(sorted(found, key=lambda one: (_plain(one[1]), one[0]))[:_MOST])


def _plain(text: str) -> str:
    split = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in split if not unicodedata.combining(sign)).casefold()
