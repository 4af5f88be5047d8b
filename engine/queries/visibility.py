"""Who may see which field of a case file: decided here for pages, mails and exports alike."""

from collections.abc import Collection, Mapping

from engine.core.form import Field


def may_see(field: Field, roles: Collection[str], visits: Mapping[str, int]) -> bool:
    """Whether somebody who has these roles in the case may see a field now.

    `roles` are names of the definition's `people:` and `subject`; `visits` are the snapshot's.
    `seen_by` always may. Everyone else on the case may too if there is no `seen_by`, and, for a
    field with `until`, once that state was entered.
    """
    if field.seen_by is not None and not set(field.seen_by).isdisjoint(roles):
        return True
    if field.until is not None:
        return visits.get(field.until, 0) > 0
    return field.seen_by is None
