"""Every key of what states and rows do: exits, stages, waits, tables, sub-cases and effects."""

from typing import Final

from engine.core.advice import CATALOGUE
from engine.loader.keys import (
    CONDITION,
    DURATION,
    EXPRESSION,
    NAME,
    OWNER,
    PROCESS_PATTERN,
    TEMPLATE,
    TEXT,
    VALUES,
    WORD,
    Block,
    key,
    one_or_more,
    ref,
    some,
    words,
)
from engine.loader.vocabulary import RECORD_KEYS, TASK_KEYS

ROW_KEYS: Final = Block(
    name="row",
    about="One row: what happens when its condition holds.",
    keys=(
        key("if", CONDITION, "The row counts only when this holds."),
        key("unless", CONDITION, "The row counts only when this does not hold."),
        key("go", TEXT, "The state that comes next; also `next` and `done`."),
        key("otherwise", TEXT, "Where to go when no row above fits."),
        key("set", VALUES, "Fields of the case file that change, each with an expression."),
        key("do", one_or_more(ref("effect")), "Effects in order, as in a `do` state."),
        key(
            "end", NAME, "Closes the case with this outcome; only in the `on` of the whole process."
        ),
        key("undo", words("done_states"), "`done_states`: what completed states have is undone."),
        key(
            "pause",
            {"anyOf": [ref("event"), ref("pause")]},
            "No deadline of the case counts until this event; only in the `on` of the whole "
            "process.",
        ),
    ),
)

PAUSE_KEYS: Final = Block(
    name="pause",
    about="How long the clock of the case stands still.",
    keys=(
        key("until", ref("event"), "The event after which deadlines count again.", required=True),
        key("match", CONDITION, "Which of these events counts, over `event`."),
    ),
)

STAGE_KEYS: Final = Block(
    name="stage",
    about="One stage of escalation; it happens once.",
    keys=(
        key(
            "after",
            DURATION,
            "How long after the due date (or after entry, where there is no task).",
            required=True,
        ),
        key("tell", OWNER, "Who is told."),
        key("title", TEMPLATE, "The heading of that message."),
        key("text", TEMPLATE, "A paragraph of that message."),
        key("reassign", OWNER, "Who gets the task instead."),
        key("go", TEXT, "The state that comes next; also `next` and `done`."),
        key("incident", TEMPLATE, "What operations are asked to look at."),
    ),
)

EVERY_KEYS: Final = Block(
    name="every",
    about="Something that comes again while the state lasts; its answer moves nothing.",
    keys=(
        key("period", DURATION, "How long between.", required=True),
        key("task", ref("task"), "A task that is opened each time."),
        key("do", one_or_more(ref("effect")), "Effects that happen each time."),
    ),
)

WAIT_KEYS: Final = Block(
    name="wait",
    about="Waits for an event, for a date, or for whichever comes first.",
    keys=(
        key("for", ref("event"), "The event's name, such as `calibration.published`."),
        key("match", CONDITION, "Which of these events counts, over `event`."),
        key("until", ref("deadline"), "A date, or `10 workdays before data.start_date`."),
    ),
)

DECIDE_KEYS: Final = Block(
    name="decide",
    about="A decision table with options.",
    keys=(
        key(
            "hit",
            words("first", "unique", "all", "sum"),
            "The `first` true row, the `unique` one, `all` of them, or the `sum` of their numbers.",
        ),
        key("rows", some(ref("row")), "The rows, in order.", required=True),
        key("otherwise", {"anyOf": [TEXT, ref("row")]}, "Where to go when no row fits."),
    ),
)

START_KEYS: Final = Block(
    name="start",
    about="Opens cases of another process, and perhaps waits for them.",
    keys=(
        key(
            "process",
            {"type": "string", "pattern": PROCESS_PATTERN},
            "The id of the other process.",
            required=True,
        ),
        key("for", EXPRESSION, "The subject of the new case; this case's subject if absent."),
        key("each", ref("loop"), "One case per item: `person in data.team`."),
        key("with", VALUES, "What the new case is given, each an expression."),
        key(
            "version",
            words("pinned", "latest"),
            "`pinned`: the version that was published with this one; or the `latest`.",
        ),
        key(
            "wait",
            {"anyOf": [words("all", "none"), {"type": "integer", "minimum": 1}]},
            "How many of them must close: `all`, `none` or a number.",
        ),
    ),
)

_OF_A_TASK: Final = (
    "to",
    "not",
    "if_nobody",
    "on_owner_change",
    "title",
    "text",
    "due",
    "buttons",
    "about_minutes",
)

ADVISE_KEYS: Final = Block(
    name="advise",
    about="An analytic whose findings go to a person, who decides and says why.",
    keys=(
        key("run", words(*CATALOGUE), "The name of the analytic.", required=True),
        key("with", VALUES, "Its parameters, each an expression."),
        *(one for one in TASK_KEYS.keys if one.name in _OF_A_TASK),
    ),
)

STARTS_KEYS: Final = Block(
    name="start_rule",
    about="What starts a case: exactly one of `by_hand`, `signal`, `every` or `cohort`.",
    keys=(
        key("by_hand", OWNER, "Who may start one by hand; `anybody`, `nobody`, or an owner."),
        key("signal", ref("event"), "The event that starts one, such as `offer.accepted`."),
        key("every", TEXT, "How often: `day`, `workday`, `week`, `month`, `year`, `3 months`."),
        key("cohort", NAME, "A name: one for each person who fits, started by hand."),
        key("on", WORD, "Which day: `Monday`, `15`, `last workday`, `11 January`."),
        key("at", TEXT, "The time of the day, on the organisation's clock; `09:00` if absent."),
        key("from", TEXT, "The first day, as `2027-01-11`; what is counted is counted from it."),
        key("if", CONDITION, "Only when this holds, over `subject`, `today` and `event`."),
        key("for", EXPRESSION, "Whom or what the signal's case is about: `event.person`."),
        key("with", VALUES, "What the case is given at its start, each an expression."),
    ),
)

TELL_KEYS: Final = Block(
    name="tell",
    about="A message that asks for nothing.",
    keys=(
        key("tell", OWNER, "Who gets it.", required=True),
        key("title", TEMPLATE, "Its heading."),
        key("text", TEMPLATE, "Its paragraph."),
    ),
)

CALL_KEYS: Final = Block(
    name="call",
    about="Calls a webhook that the operator configured.",
    keys=(
        key("call", TEXT, "The webhook's name.", required=True),
        key("with", VALUES, "What is sent, each an expression."),
        key("retry", TEXT, "How often and how long it is tried: `5 over 1 day`."),
    ),
)

EMIT_KEYS: Final = Block(
    name="emit",
    about="Sends an event to other cases.",
    keys=(
        key("emit", ref("event"), "The event's name.", required=True),
        key("to", EXPRESSION, "The key of the cases it is for; every case that waits if absent."),
        key("with", VALUES, "What the event carries, each an expression."),
    ),
)

SET_KEYS: Final = Block(
    name="assign",
    about="Changes fields of the case file.",
    keys=(key("set", VALUES, "The fields, each with an expression.", required=True),),
)

INCIDENT_KEYS: Final = Block(
    name="incident",
    about="Asks operations to look at the case.",
    keys=(key("incident", TEMPLATE, "What they should look at.", required=True),),
)

SAVE_KEYS: Final = Block(
    name="save",
    about="Writes a shared record; keys of your own become its attributes.",
    keys=(
        key("record", NAME, "The kind of record, such as `rating`.", required=True),
        *(one for one in RECORD_KEYS.keys if one.name != "if"),
    ),
)

EFFECTS: Final = (TELL_KEYS, CALL_KEYS, EMIT_KEYS, SET_KEYS, INCIDENT_KEYS, SAVE_KEYS)

OPEN_BLOCKS: Final = (RECORD_KEYS.name, SAVE_KEYS.name)  # further keys are attributes
