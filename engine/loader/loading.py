"""From a document to a Definition, or to every reason why it is none; never raises."""

from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, Final

from engine.core.chart import Definition, RecordRule
from engine.core.expression import TEXT, Expr, Type
from engine.document import (
    Diagnostic,
    Document,
    DocumentRefused,
    Mapping,
    Node,
    Scalar,
    Sequence,
    Severity,
    parse,
)
from engine.loader.compiling import condition, expression
from engine.loader.deadlines import refuse_phrase
from engine.loader.drafts import MOST_STATES, Draft, freeze, number
from engine.loader.durations import PhraseRefused
from engine.loader.effects import read_record
from engine.loader.fields import read_data
from engine.loader.findings import (
    Findings,
    as_mapping,
    as_text,
    as_whole_number,
    findings_of,
    unknown,
)
from engine.loader.forms import Papers, read_forms
from engine.loader.later import check_tests, plain
from engine.loader.migrate import WrittenMigration, read_migrations
from engine.loader.names import check_keys, is_name, is_process, titled
from engine.loader.people import read_roles
from engine.loader.phrases import key
from engine.loader.reachability import check_ways
from engine.loader.retention import read_retention
from engine.loader.scopes import PERSON, World, scope_at
from engine.loader.sources import Sources
from engine.loader.starts import read_starts
from engine.loader.states import fill
from engine.loader.undoing import check_undo
from engine.loader.vocabulary import RECORD_KEYS, TOP_KEYS
from engine.loader.whole import read_case_events
from engine.loader.world import world_of

LATER: Final = ("retention",)


@dataclass(frozen=True, kw_only=True, slots=True)
class Loaded:
    """What came of a document."""

    definition: Definition | None  # None: an error refuses it
    diagnostics: tuple[Diagnostic, ...]  # errors and warnings, in the order of the file
    sources: Sources | None  # where what stands; None: there is no definition at all
    tests: Sequence | None  # the `tests:` block, unread but for its shape
    later: AnyMapping[str, Any]  # `retention` as plain data
    migrations: tuple[WrittenMigration, ...] = ()  # `migrate:`, by the versions it is about


def load_text(source: str | bytes, name: str) -> Loaded:
    """Reads and loads a text; what is no document is told in `diagnostics` too."""
    try:
        document = parse(source, name)
    except DocumentRefused as refused:
        return Loaded(
            definition=None,
            diagnostics=refused.diagnostics,
            sources=None,
            tests=None,
            later=MappingProxyType({}),
        )
    return load(document)


def load(document: Document) -> Loaded:
    """The Definition of a document, or everything that is wrong with it; never raises."""
    findings = findings_of(document)
    root = document.root
    if not isinstance(root, Mapping):
        findings.add(
            "E204",
            root,
            "a definition is `key: value` pairs",
            help="begin with `process: laptop-return`",
        )
        return _loaded(findings, None, None, None, {})
    check_keys(findings, root, TOP_KEYS, "a definition")
    world = world_of(findings, root)
    drafts = [draft for draft in world.top.walk() if draft.id and not draft.hidden]
    tests = root.get("tests")
    later = {name: plain(node) for name in LATER if (node := root.get(name)) is not None}
    definition = None
    if len(drafts) > MOST_STATES:
        findings.add("E232", root, f"a definition has at most {MOST_STATES:,} states")
    else:
        definition = _definition(world, document)
        check_tests(findings, root)
    migrate = root.get("migrate")
    migrations = () if migrate is None else read_migrations(findings, migrate, world.top)
    loaded = _loaded(findings, definition, _sources(world, drafts), tests, later)
    return replace(loaded, migrations=migrations)


def _sources(world: World, drafts: list[Draft]) -> Sources:
    return Sources(
        name=world.findings.document.name,
        states=MappingProxyType({draft.id: draft.place for draft in drafts}),
        fields=MappingProxyType(world.fields_declared),
        origins=world.origins,
        tables=tuple(table for draft in world.top.walk() for table in draft.tables),
    )


def _loaded(
    findings: Findings,
    definition: Definition | None,
    sources: Sources | None,
    tests: Node | None,
    later: dict[str, Any],
) -> Loaded:
    diagnostics = findings.in_order()
    refused = any(found.severity is Severity.ERROR for found in diagnostics)
    return Loaded(
        definition=None if refused else definition,
        diagnostics=diagnostics,
        sources=sources,
        tests=tests if isinstance(tests, Sequence) else None,
        later=MappingProxyType(later),
    )


def _definition(world: World, document: Document) -> Definition | None:
    root, findings = world.root, world.findings
    scope = scope_at(world, world.top)
    world.rules.update(read_roles(world, world.role_nodes))
    data = read_data(world, root.get("data"))
    forms = read_forms(world, root.get("forms"), data)
    papers = Papers(data=data, forms=forms)
    for draft in list(world.top.walk()):
        fill(world, draft, papers)
    read_case_events(world, root.get("on"))
    process, version = _identity(findings, root)
    calendar = _calendar(world, scope)
    records = _records(world, root.get("records"))
    retention = read_retention(findings, root.get("retention"))
    unique = _key(world, data, root.get("key"))
    starts = read_starts(world, root.get("starts"), data)
    title, description = root.get("title"), root.get("description")
    name = None if title is None else as_text(findings, title, "`title`")
    words = None if description is None else as_text(findings, description, "`description`")
    check_undo(world)
    check_ways(findings, world.top)
    _unused(world, forms)
    if findings.errors or process is None or version is None:
        return None
    number(world.top)
    subject = root.get("subject")
    return Definition(
        process=process,
        version=version,
        title=titled(process) if name is None else name.text,
        description=None if words is None else words.text,
        sha256=document.sha256,
        subject=subject.text if isinstance(subject, Scalar) else "person",
        key=unique,
        calendar=calendar,
        people=MappingProxyType(world.rules),
        data=MappingProxyType(data),
        forms=MappingProxyType(forms),
        states=tuple(freeze(draft) for draft in world.top.walk()),
        records=records,
        retention=MappingProxyType(retention),
        person_depth=max(1, world.manager_steps),
        by_hand=starts.by_hand,
        starts=tuple(starts.rules),
    )


def _identity(findings: Findings, root: Mapping) -> tuple[str | None, int | None]:
    process, version = root.get("process"), root.get("version")
    name = None if process is None else as_text(findings, process, "`process`", "laptop-return")
    if name is not None and (not is_process(name.text) or len(name.text) > 60):
        findings.add(
            "E231",
            name,
            f"`{name.text[:60]}` cannot be the id of a process",
            help="small letters, digits and hyphens, at most 60, such as `laptop-return`",
        )
        name = None
    if version is None:
        return None if name is None else name.text, None
    found = as_whole_number(findings, version, "`version`", least=1)
    return None if name is None else name.text, found


def _calendar(world: World, scope: dict[str, Type]) -> Expr | None:
    node = world.root.get("calendar")
    if node is not None:
        return expression(world, node, scope, "`calendar`", TEXT)
    if world.subject is PERSON:
        return world.environment.within(scope).compile("subject.location")
    return None


def _records(world: World, node: Node | None) -> tuple[RecordRule, ...]:
    pairs = None if node is None else as_mapping(world.findings, node, "`records`")
    scope = scope_at(world, world.top)
    found: list[RecordRule] = []
    for entry in () if pairs is None else pairs.entries:
        body = as_mapping(world.findings, entry.value, f"the record `{entry.name}`")
        if body is None or not is_name(world.findings, entry.key, "a record"):
            continue
        test = body.get("if")
        holds = None if test is None else condition(world, test, scope, "`if`")
        save = read_record(world, body, scope, entry.name, RECORD_KEYS)
        if save is not None:
            found.append(RecordRule(save=save, condition=holds))
    return tuple(found)


def _key(world: World, data: AnyMapping[str, Any], node: Node | None) -> tuple[str, ...] | None:
    text = None if node is None else as_text(world.findings, node, "`key`", "one per subject")
    if text is None:
        return None
    try:
        names = key(text.text)
    except PhraseRefused as refused:
        refuse_phrase(world, "E220", text, refused)
        return None
    given = [name for name, field in data.items() if field.from_start]
    for name, offset in names:
        place = world.findings.document.place(text, offset, len(name))
        if name == "subject" and world.subject is None:
            world.findings.add(
                "E220", place, "there is no subject in this process", help="leave it out"
            )
        elif name in data and name not in given:
            world.findings.add(
                "E220",
                place,
                f"`{name}` is not known when a case starts",
                help=f"add `from: start` to `{name}`",
            )
        elif name != "subject" and name not in world.data:
            unknown(
                world.findings,
                "E211",
                place,
                "field",
                name,
                known=("subject", *given),
                declared=world.fields_declared,
            )
    return tuple(name for name, _ in names)


def _unused(world: World, forms: AnyMapping[str, Any]) -> None:
    asked = {
        form.text
        for draft in world.top.walk()
        for task in _task_nodes(draft.body)
        if isinstance(form := task.get("form"), Scalar)
    }
    if any(found.code == "E212" for found in world.findings.found):
        return  # a misspelt name is the reason
    for name in forms:
        if name not in asked:
            world.findings.add(
                "W204",
                world.forms_declared[name],
                f"no task asks the form `{name}`",
                help="take it out, or name it in a task",
            )


def _task_nodes(body: Mapping) -> list[Mapping]:
    every = body.get("every")
    many = every.items if isinstance(every, Sequence) else (every,)
    nodes = [body.get("task"), *(e.get("task") for e in many if isinstance(e, Mapping))]
    return [node for node in nodes if isinstance(node, Mapping)]
