"""The compiled process: a statechart whose states carry tasks, waits and sub-cases.

The loader lowers the author's kinds to the five shapes of a statechart, so that one algorithm
(SCXML's) runs them all. What each kind becomes is written in docs/reference/semantics.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from engine.core.advice import Advice
from engine.core.expression import Expr, Template
from engine.core.form import Field, Form
from engine.core.people import OnOwnerChange, OwnerRule
from engine.core.start_rules import ANYBODY, OwnHand, StartRule
from engine.core.time import Deadline, Span, TimerRule


class Shape(StrEnum):
    """What a state is to the algorithm."""

    ATOMIC = "atomic"  # no children
    COMPOUND = "compound"  # exactly one child is active
    PARALLEL = "parallel"  # all children (its branches) are active
    EACH = "each"  # one active copy of its single child for every item
    FINAL = "final"  # entering it completes the parent
    HISTORY = "history"  # stands for where its parent was left (`resume: last`)


class TriggerKind(StrEnum):
    """What a transition answers to."""

    ALWAYS = "always"  # no event: looked at after every microstep
    DONE = "done"  # this state has completed
    BUTTON = "button"  # this state's task was answered with the named button
    TIMER = "timer"  # the named timer rule of this state is due
    SIGNAL = "signal"  # an event of that name, from outside or raised inside


@dataclass(frozen=True, kw_only=True, slots=True)
class Trigger:
    kind: TriggerKind
    name: str = ""  # BUTTON: its name; TIMER: the rule's id; SIGNAL: the event's name


# --- actions: what a transition, an entry or an exit does, before anything is resolved ---


@dataclass(frozen=True, kw_only=True, slots=True)
class Assign:
    """`set: {field: expression}`."""

    field: str  # a name under `data`
    value: Expr


@dataclass(frozen=True, kw_only=True, slots=True)
class Raise:
    """An event to the case itself, handled before anything external."""

    event: str


@dataclass(frozen=True, kw_only=True, slots=True)
class TellPeople:
    """`tell:` - a message that asks for nothing."""

    to: OwnerRule
    title: Template | None  # None: named after the state
    text: Template | None
    about_task: bool  # an escalation: names the state's open task, its owner and how late it is


@dataclass(frozen=True, kw_only=True, slots=True)
class RemindOwner:
    """A reminder to whoever owns the state's open task."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reassign:
    """`reassign:` - the state's open task goes to somebody else."""

    to: OwnerRule


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenSideTask:
    """The task of an `every:`; its answer moves nothing."""

    number: int  # index into State.side_tasks


@dataclass(frozen=True, kw_only=True, slots=True)
class CallWebhook:
    """`call:` - leaves through the outbox; a failure after all tries is an incident."""

    name: str  # as configured by the operator
    body: Mapping[str, Expr]
    tries: int
    within: Span


@dataclass(frozen=True, kw_only=True, slots=True)
class EmitSignal:
    """`emit:` - an event to other cases."""

    event: str
    to: Expr | None  # the key it is correlated by; None: every case that waits for it
    body: Mapping[str, Expr]


@dataclass(frozen=True, kw_only=True, slots=True)
class SaveRecord:
    """`record:` - an effective-dated, append-only fact that other cases can read."""

    kind: str  # `rating`
    of: Expr  # whom or what it is about
    value: Expr
    attributes: Mapping[str, Expr]  # whatever else the author wrote
    valid: Span | None  # None: until replaced


@dataclass(frozen=True, kw_only=True, slots=True)
class AskForHelp:
    """`incident:` - operations are asked; the case stays where it is."""

    text: Template


@dataclass(frozen=True, kw_only=True, slots=True)
class UndoDone:
    """`undo: done_states` - what completed states are owed is done, the last of them first."""

    inside: bool  # only states beside this one, in the compound that this `end` closes


@dataclass(frozen=True, kw_only=True, slots=True)
class PauseClock:
    """`pause:` - the case's clock stands still until another event; only in rows of the root."""

    reason: str  # the event that stops it, which is the row's trigger
    until: str  # the event that lets it go on
    match: Expr | None  # must pause of that `event`


@dataclass(frozen=True, kw_only=True, slots=True)
class Refuse:
    """No row fits and there is no `otherwise`: the macrostep is undone and becomes an incident."""

    text: str


Action = (
    Assign
    | Raise
    | TellPeople
    | RemindOwner
    | Reassign
    | OpenSideTask
    | CallWebhook
    | EmitSignal
    | SaveRecord
    | AskForHelp
    | UndoDone
    | PauseClock
    | Refuse
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Transition:
    """One row: taken when its trigger came, its condition holds and no row before it was taken."""

    trigger: Trigger
    condition: Expr | None  # None: always
    targets: tuple[int, ...]  # indices of states; empty: runs its actions, moves nothing
    internal: bool  # the source is not left when all targets lie inside it
    actions: tuple[Action, ...]
    label: str  # the row as the author wrote it, for the history


# --- what a state carries ---


class Assurance(StrEnum):
    """How sure we are who answered."""

    LINK = "link"
    CODE = "code"
    LOGIN = "login"


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """One person, one answer."""

    to: OwnerRule
    title: Template  # what the mail and the page are headed with
    text: Template | None  # a paragraph of the author's
    form: Form | None  # None: only buttons
    buttons: tuple[str, ...]  # event names; at least one
    due: Deadline | None
    minutes: int | None  # about how long it takes
    optional: bool  # nobody is reminded or escalated
    sign: bool  # the answerer types their name
    assurance: Assurance
    on_owner_change: OnOwnerChange
    anonymous: int | None = None  # answers without author, from so many people on; None: with


@dataclass(frozen=True, kw_only=True, slots=True)
class Wait:
    """A state that somebody or something else ends. A wait for a time is a TimerRule instead."""

    signal: str  # the event's name
    match: Expr | None  # must hold of `event`


@dataclass(frozen=True, kw_only=True, slots=True)
class Each:
    """One instance per item; the loader gives the EACH state exactly one child."""

    item: str  # the variable: `peer`
    items: Expr  # a list of people or texts


@dataclass(frozen=True, kw_only=True, slots=True)
class Enough:
    """When a PARALLEL or EACH completes before all of it has ended; any of these suffices."""

    count: int | None  # so many have ended
    share: float | None  # such a part of all has ended, 0.8 for 80 %
    condition: Expr | None  # over `done`, `total`, `answers`
    quorum: Mapping[str, int]  # so many answered with this button; the state's outcome is its name
    veto: Mapping[str, int]  # so many of these refuse at once; 1 for `any`


@dataclass(frozen=True, kw_only=True, slots=True)
class StartSubcase:
    """`start:` - cases of another process that this one opens and perhaps waits for."""

    process: str
    subject: Expr | None  # `for:`; None: this case's subject
    each: Each | None  # one sub-case per item
    data: Mapping[str, Expr]  # `with:`
    wait: int | None  # how many must close; None: all; 0: none
    pinned: bool  # True: the version published when this definition was; False: the latest


@dataclass(frozen=True, kw_only=True, slots=True)
class State:
    """One node of the chart."""

    index: int  # position in Definition.states, which is document order; the root is 0
    id: str  # dotted path from the root: `evaluate.peers`; the root's is ``
    name: str  # the last word of it, as written
    title: Template | None  # for people; None: from the name
    shape: Shape
    parent: int | None  # None: the root
    children: tuple[int, ...]
    initial: tuple[int, ...]  # COMPOUND: entered by default; HISTORY: where nothing is remembered
    transitions: tuple[Transition, ...]  # in document order
    entry: tuple[Action, ...]
    exit: tuple[Action, ...]
    completion: tuple[Action, ...]  # `set:` - before the transition that leaves it
    skip: Expr | None  # passed over when this holds on entry
    timers: tuple[TimerRule, ...]
    task: Task | None
    side_tasks: tuple[Task, ...]  # of `every:`
    wait: Wait | None
    start: StartSubcase | None
    each: Each | None  # EACH
    enough: Enough | None  # PARALLEL, EACH
    outcome: str | None  # FINAL: what its parent ends with
    deep: bool  # HISTORY: remembers all the way down
    hidden: bool  # made by the lowering, not written by the author; not shown to people
    undo: tuple[Action, ...] = ()  # compensation, owed once the state has completed
    advice: Advice | None = None  # findings that whoever has the task reads first


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordRule:
    """What a closed case writes into the shared records, from the top-level `records:`."""

    save: SaveRecord
    condition: Expr | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Definition:
    """One published version of one process, ready to run."""

    process: str
    version: int
    title: str
    description: str | None
    sha256: str  # of the file's bytes; on every history entry
    subject: str  # `person`, `position`, `none` or a record type
    key: tuple[str, ...] | None  # `one per cycle, subject`: these names; None: as many as you like
    calendar: Expr | None  # whose working days count: gives a location
    people: Mapping[str, OwnerRule]
    data: Mapping[str, Field]
    forms: Mapping[str, Form]
    states: tuple[State, ...]
    records: tuple[RecordRule, ...]
    # `answers`, `files`, `mails`: how long they are kept after the close; absent: for ever
    retention: Mapping[str, Span] = field(default_factory=dict, kw_only=True)
    person_depth: int  # how many `.manager` steps the deepest expression takes
    by_hand: OwnHand | None = ANYBODY  # who starts one by hand; None: only an operator
    starts: tuple[StartRule, ...] = ()  # what starts a case by itself, or one for many people
    # what `step` has worked out about the definition (engine.core.index), once per object
    memo: dict[str, object] = field(default_factory=dict, init=False, repr=False, compare=False)
