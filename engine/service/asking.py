"""What a letter tells about a question: who reads the answer, and why this person is asked."""

from engine.core.facts import Facts
from engine.core.form import Form


def name_of(facts: Facts, person: str | None) -> str | None:
    known = None if person is None else facts.person(person)
    return None if known is None else str(known["name"])


def readers(form: Form | None, subject: str | None, person: str, facts: Facts) -> str | None:
    """Who will read an answer, from `seen_by` of the form's fields; None where nothing is asked."""
    if form is None or not form.fields:
        return None
    roles: dict[str, None] = {}
    for field in form.fields:
        if field.seen_by is None:
            return "Your answer is read by the people who work on this case."
        roles.update(dict.fromkeys(field.seen_by))
    names = ["you"]
    for role in roles:
        if role == "subject":
            if subject != person:
                names.append(name_of(facts, subject) or "whom it is about")
        else:
            names.append(role.replace("_", " "))
    return f"Your answer is read by: {', '.join(dict.fromkeys(names))}."


def why(
    queue: str | None, rule: str | None, subject: str | None, person: str, facts: Facts
) -> str | None:
    """Why somebody is asked, in words; None where there are none."""
    if queue is not None:
        return f"You are asked because you work from the queue {queue}."
    if person == subject:
        return "You are asked because this is about you."
    about = name_of(facts, subject)
    known = {} if subject is None else facts.person(subject) or {}
    if about is not None and known.get("manager") == person:
        return f"You are asked because you are {about}'s manager."
    if rule is None:
        return None
    return f"You are asked as {rule.replace('_', ' ')}."
