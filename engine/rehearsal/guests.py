"""People from outside in a rehearsal: made up with an answer, and there from then on."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.core.form import Form
from engine.directory.guests import guest
from engine.directory.roster import Roster
from engine.forms import with_guests
from engine.forms.address import same_address
from engine.rehearsal.cases import Play


def enlisted(play: Play, form: Form | None, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers with ids for guests, as the service keeps them; the day's directory has them."""
    if form is None:
        return dict(answers)
    return with_guests(form.fields, answers, lambda typed: _found(play, typed))


def with_those_from_outside(play: Play, roster: Roster) -> Roster:
    """A directory that was read from files knows no guests; these are the rehearsal's own."""
    return replace(roster, people={**roster.people, **play.guests}) if play.guests else roster


def _found(play: Play, typed: Mapping[str, Any]) -> str:
    address = same_address(str(typed["email"]))
    for person, one in play.facts.roster.people.items():
        if one["email"] is not None and same_address(one["email"]) == address:
            return person
    person = address  # an id that tells of nobody real, and is the same in every part of a cohort
    play.guests[person] = guest(person, str(typed["name"]), str(typed["email"]))
    play.facts = replace(play.facts, roster=with_those_from_outside(play, play.facts.roster))
    return person
