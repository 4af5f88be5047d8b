"""Every key of a definition, of its people, its fields, its forms and its tasks.

With `behaviour` and `kinds` this is what the loader allows and what the published schema says;
nothing else lists keys, so that the two cannot drift apart.
"""

from typing import Final

from engine.core.anonymity import LEAST
from engine.core.form import FieldType
from engine.core.mapping import Otherwise, Timers
from engine.core.people import OnOwnerChange
from engine.loader.keys import (
    CONDITION,
    DURATION,
    EXPRESSION,
    FLAG,
    NAME,
    NUMBER,
    OWNER,
    PROCESS_PATTERN,
    TEMPLATE,
    TEXT,
    VALUE,
    WORD,
    Block,
    Shape,
    key,
    named,
    one_or_more,
    ref,
    some,
    words,
)

OWNER_KEYS: Final = Block(
    name="owner_rule",
    about="Who owns something, with the way out when that is nobody.",
    keys=(
        key(
            "who",
            EXPRESSION,
            "An expression that gives people, such as `subject.manager`; for rules with options.",
        ),
        key("role", TEXT, "A role of the directory; its holders own the task."),
        key("of", EXPRESSION, "The unit for which the role is held, such as `subject.department`."),
        key(
            "queue",
            TEXT,
            "A queue of the directory: its members all see the task and one claims it.",
        ),
        key(
            "if_nobody",
            one_or_more(OWNER),
            "Where to look next when nobody is found; a list is a chain.",
        ),
        key("not", one_or_more(EXPRESSION), "People who never own it (four eyes)."),
        key(
            "pick",
            words("one", "all"),
            "`one`: the first of several people; `all`: all own it together.",
        ),
        key(
            "even_if_left",
            FLAG,
            "With `subject`: also after their last day, at their private address.",
        ),
    ),
)

FIELD_KEYS: Final = Block(
    name="field_options",
    about="One question, or one entry of the case file.",
    keys=(
        key("type", words(*(t.value for t in FieldType)), "What kind of answer it is."),
        key("label", TEXT, "What people read; made from the name if absent."),
        key("help", TEXT, "A sentence below the label."),
        key("required", FLAG, "Whether it must be answered; `true` if absent."),
        key("required_if", CONDITION, "It must be answered only when this holds."),
        key("min", NUMBER, "The smallest number or mark, the least characters, the fewest items."),
        key("max", NUMBER, "The largest number or mark, the most characters or items."),
        key("options", some(WORD), "What can be chosen, for `choice` and `choices`."),
        key(
            "anchors",
            {"anyOf": [some(TEXT), {"type": "object", "additionalProperties": TEXT}]},
            'What the marks of a scale mean: a list from the lowest mark up, or `"1": poor`.',
        ),
        key("columns", named(ref("field")), "The columns of a table, each a field."),
        key("prefill", VALUE, "An expression whose value is offered and can be changed."),
        key("compute", VALUE, "The expression of a `computed` field; nobody is asked."),
        key(
            "seen_by",
            one_or_more(TEXT),
            "The only ones who may see it: names of `people`, and `subject`.",
        ),
        key(
            "until",
            TEXT,
            "Hidden from everyone else before this state was entered; shown to all from then on.",
        ),
        key("sensitive", FLAG, "Never in mail, logs or plain exports."),
        key("from", words("start"), "`start`: given when the case starts."),
        key("redact_after", DURATION, "Removed this long after the case closed."),
    ),
)

FORM_KEYS: Final = Block(
    name="form",
    about="A page of questions.",
    keys=(
        key("title", TEMPLATE, "The heading of the page."),
        key("intro", TEMPLATE, "A paragraph below the heading."),
        key(
            "fields",
            ref("fields"),
            "What is asked: names of `data`, or questions of the form's own.",
            required=True,
        ),
    ),
)

TASK_KEYS: Final = Block(
    name="task",
    about="One person, one answer.",
    keys=(
        key(
            "to",
            OWNER,
            "Who answers: `subject`, a name of `people`, an expression, a role or a queue.",
            required=True,
        ),
        key(
            "not",
            one_or_more(EXPRESSION),
            "People who never own this task (four eyes), wherever they come from.",
        ),
        key("if_nobody", one_or_more(OWNER), "Where to look next when nobody is found."),
        key("pick", words("one", "all"), "`one` of several people, or `all` together."),
        key(
            "even_if_left",
            FLAG,
            "With `subject`: also after their last day, at their private address.",
        ),
        key(
            "on_owner_change",
            words(*(c.value for c in OnOwnerChange)),
            "What happens to the open task when the directory now names somebody else.",
        ),
        key("form", TEXT, "The name of a form."),
        key("fields", ref("fields"), "Questions written in place, instead of a form."),
        key("title", TEMPLATE, "What the mail and the page are headed with."),
        key("text", TEMPLATE, "A paragraph for the person who answers."),
        key("buttons", some(NAME), "The ways to answer, each an event; `[submit]` if absent."),
        key(
            "due",
            ref("deadline"),
            "`5 workdays` from opening, or `3 workdays before data.start_date`.",
        ),
        key("optional", FLAG, "Nobody is reminded or escalated."),
        key("sign", FLAG, "The person types their name below the answer."),
        key(
            "about_minutes",
            {"type": "integer", "minimum": 1, "maximum": 10000},
            "About how long it takes.",
        ),
        key(
            "assurance",
            words("link", "code", "login"),
            "How sure we are who answered; `link` in this version.",
        ),
        key(
            "anonymous",
            {"anyOf": [FLAG, ref("anonymous")]},
            "Answers without their author, beside an `each`; shown once 3 people have answered.",
        ),
    ),
)

ANONYMOUS_KEYS: Final = Block(
    name="anonymous",
    about="Answers without their author.",
    keys=(
        key(
            "at_least",
            {"type": "integer", "minimum": LEAST, "maximum": 1000},
            "From how many people on the answers are shown; 3 if absent, and never less.",
            required=True,
        ),
    ),
)

RETENTION_KEYS: Final = Block(
    name="retention",
    about="What is erased how long after the close of a case.",
    keys=(
        key("answers", DURATION, "Answers, names and texts; the history keeps what happened when."),
        key("files", DURATION, "Files that were handed in."),
        key("mails", DURATION, "What the mails said."),
    ),
)

RECORD_KEYS: Final = Block(
    name="record_rule",
    about="A shared, dated fact; keys of your own become its attributes.",
    keys=(
        key("of", EXPRESSION, "Whom or what it is about.", required=True),
        key("value", VALUE, "The fact itself, an expression.", required=True),
        key("valid", DURATION, "For how long it is valid."),
        key("if", CONDITION, "Written only when this holds."),
    ),
)

MIGRATE_KEYS: Final = Block(
    name="migration",
    about="What becomes of the running cases of one older version.",
    keys=(
        key(
            "states",
            {"type": "object", "additionalProperties": TEXT},
            "Where a state of the older version went: a state of this one, `stay` or `drop`.",
        ),
        key(
            "timers",
            words(*(t.value for t in Timers)),
            "`keep`: nobody's date moves; `recompute`: dates are those of this version's rules.",
        ),
        key(
            "else",
            words(*(o.value for o in Otherwise)),
            "For cases in a state that this version has nothing for: they `stay`, or all `refuse`.",
        ),
    ),
)
_MIGRATE: Final[Shape] = {
    "type": "object",
    "patternProperties": {r"^from [1-9]\d{0,6}$": ref(MIGRATE_KEYS.name)},
    "additionalProperties": False,
}

TOP_KEYS: Final = Block(
    name="process",
    about="One file is one process.",
    keys=(
        key(
            "process",
            {"type": "string", "pattern": PROCESS_PATTERN},
            "The id of the process, in small letters with hyphens.",
            required=True,
        ),
        key(
            "version",
            {"type": "integer", "minimum": 1},
            "A whole number that you raise with every change.",
            required=True,
        ),
        key("title", TEXT, "What people read; made from the id if absent."),
        key("description", TEXT, "What the process is for."),
        key(
            "subject", NAME, "What a case is about: `person`, `position`, `none` or a record type."
        ),
        key("key", TEXT, "There is at most one open case per key: `one per cycle, subject`."),
        key("calendar", EXPRESSION, "Whose working days count; `subject.location` if absent."),
        key("people", named(OWNER), "Named roles of this process."),
        key("data", named(ref("field")), "Every field of the case file."),
        key("forms", named(ref("form")), "Pages of questions."),
        key(
            "states",
            ref("states"),
            "The states, in the order in which they are read.",
            required=True,
        ),
        key("on", ref("on"), "Events that count in every state."),
        key("starts", one_or_more(ref("start_rule")), "What starts a case."),
        key(
            "records",
            named(ref("record_rule")),
            "What a closed case writes into the shared records.",
        ),
        key(
            "retention",
            ref("retention"),
            "How long answers, files and mails are kept after the close.",
        ),
        key("migrate", _MIGRATE, "Where cases of older versions go: `from 2: …`."),
        key("tests", {"type": "array"}, "Scenarios that `tenure test` plays."),
    ),
)
