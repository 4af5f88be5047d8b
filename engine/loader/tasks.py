"""Tasks: who is asked what, by when, with which buttons."""

from typing import Final

from engine.core.chart import Assurance, Task
from engine.core.expression import Template
from engine.core.form import Form
from engine.core.people import OnOwnerChange
from engine.document import Mapping, Node
from engine.loader.anonymous import read_anonymous
from engine.loader.compiling import plain_template, template
from engine.loader.deadlines import deadline
from engine.loader.drafts import Draft
from engine.loader.findings import (
    as_items,
    as_mapping,
    as_text,
    as_whole_number,
    as_word,
    as_yes_no,
    unknown,
)
from engine.loader.forms import Papers, read_questions
from engine.loader.names import check_keys, is_name, titled
from engine.loader.people import owner, with_options
from engine.loader.scopes import Scope, World
from engine.loader.vocabulary import TASK_KEYS

_ONCE: Final = "leave one of them out"
_SUBMIT: Final = ("submit",)
_CHANGES: Final = tuple(change.value for change in OnOwnerChange)


def read_task(
    world: World,
    draft: Draft,
    node: Node,
    scope: Scope,
    papers: Papers,
    *,
    side: bool = False,
) -> Task | None:
    """The task of a state, or (`side`) the one of its `every:`."""
    findings = world.findings
    body = as_mapping(findings, node, "`task`", "task: {to: manager, due: 5 workdays}")
    if body is None:
        return None
    check_keys(findings, body, TASK_KEYS, "a task")
    to, form_title = body.get("to"), None
    rule = None if to is None else owner(world, to, scope, "`to`")
    if rule is not None:
        rule = with_options(world, rule, body, scope)
    form = _form(world, draft, body, scope, papers)
    form_title = None if form is None else form.title
    title = template(world, body.get("title"), scope, "`title`")
    text = body.get("text")
    if text is None and not side:
        text = draft.body.get("text")
    assurance = _available(world, body)
    anonymous = read_anonymous(world, draft, body, form, side=side)
    minutes = as_whole_number(
        findings, body.get("about_minutes"), "`about_minutes`", least=1, most=10_000
    )
    due_node = body.get("due")
    result_due = None if due_node is None else deadline(world, due_node, scope, "`due`")
    buttons = buttons_of(world, body)
    words = template(world, text, scope, "`text`")
    optional = as_yes_no(findings, body.get("optional"), "`optional`", default=False)
    sign = as_yes_no(findings, body.get("sign"), "`sign`", default=False)
    change = as_word(
        findings,
        body.get("on_owner_change"),
        "`on_owner_change`",
        _CHANGES,
        default=OnOwnerChange.REASSIGN.value,
    )
    if rule is None:
        return None
    return Task(
        to=rule,
        title=title or form_title or default_title(world, draft),
        text=words,
        form=form,
        buttons=buttons,
        due=result_due,
        minutes=minutes,
        optional=optional,
        sign=sign,
        assurance=assurance,
        on_owner_change=OnOwnerChange(change),
        anonymous=anonymous,
    )


def default_title(world: World, draft: Draft) -> Template:
    """A task without a title is called like its state."""
    return draft.written.title or plain_template(world, titled(draft.written.name))


def buttons_of(world: World, body: Mapping) -> tuple[str, ...]:
    """The ways to answer a task."""
    node = body.get("buttons")
    if node is None:
        return _SUBMIT
    found: dict[str, None] = {}
    for item in as_items(world.findings, node, "`buttons`", "buttons: [accept, return]"):
        name = as_text(world.findings, item, "a button", "buttons: [accept, return]")
        if name is None or not is_name(world.findings, name, "a button"):
            continue
        if name.text in found:
            world.findings.add(
                "E229", item, f"the button `{name.text}` is listed twice", help=_ONCE
            )
        found[name.text] = None
    return tuple(found) or _SUBMIT


def _available(world: World, body: Mapping) -> Assurance:
    """Promises about who answers that this version cannot keep are refused, never ignored."""
    findings = world.findings
    node = body.get("assurance")
    word = as_word(findings, node, "`assurance`", tuple(a.value for a in Assurance), default="link")
    if word != "link" and node is not None:
        findings.add(
            "E230",
            node,
            f"`assurance: {word}` is not available in this version",
            help="leave it out: the link in the mail is what identifies people",
        )
    return Assurance(word)


def _form(
    world: World,
    draft: Draft,
    body: Mapping,
    scope: Scope,
    papers: Papers,
) -> Form | None:
    named, fields = body.entry("form"), body.get("fields")
    if named is not None and fields is not None:
        world.findings.add(
            "E204",
            named.key,
            "a task has a `form` or `fields` of its own, not both",
            help="add the fields to the form, or write them all in place",
        )
    if named is not None:
        text = as_text(world.findings, named.value, "`form`", "form: rating")
        if text is None or text.text in world.forms_declared:
            return None if text is None else papers.forms.get(text.text)
        unknown(
            world.findings,
            "E212",
            named.value,
            "form",
            text.text,
            known=world.forms_declared,
            declared=world.forms_declared,
        )
        return None
    if fields is None:
        return None
    questions, shared = read_questions(world, fields, scope, papers.data)
    return Form(name=draft.written.id, title=None, intro=None, fields=questions, shared=shared)
