"""Each trap of YAML: its code, its place, and a help that names the way out."""

import pytest
import yaml

from engine.document import DOCUMENT_CODES, DocumentRefused, Severity, frame, parse

# source, code, line, column, a part of the help
TRAPS = [
    ("if: !approved\n", "E124", 1, 5, '`"!approved"`'),
    ("if: !a && b\n", "E124", 1, 5, '`"!a && b"`'),
    ('if: "L6" == grade\n', "E114", 1, 10, """`'"L6" == grade'`"""),
    ('a: {b: "x" == y, c: d}\n', "E114", 1, 12, """`'"x" == y'`"""),
    ("a: 'it's'\n", "E114", 1, 8, '`"it\'s"`'),
    ("a: [x] == y\n", "E114", 1, 8, '`"[x] == y"`'),
    ('a: {if: x in ["a","b"]}\n', "E115", 1, 14, """`'x in ["a","b"]'`"""),
    ("a: {title: For {{ name }}}\n", "E115", 1, 16, '`"For {{ name }}"`'),
    ("a:\n  - {if: x in [1, 2], go: b}\n", "E115", 2, 15, '`"x in [1, 2]"`'),
    ("title: {{ name }}\n", "E116", 1, 8, '`"{{ name }}"`'),
    ("title: {{ name }} and more\n", "E116", 1, 8, '`"{{ name }} and more"`'),
    ("- {{ x[0] }}\n", "E116", 1, 3, '`"{{ x[0] }}"`'),
    ('if: x == "a # b"\n', "E118", 1, 13, """`'x == "a # b"'`"""),
    ('a: b) "x # y"\n', "E118", 1, 10, """`'b) "x # y"'`"""),
    ('a: Hello, "a # b"\n', "E118", 1, 14, """`'Hello, "a # b"'`"""),
    ('a: {if: x == "a # b", go: c}\n', "E118", 1, 17, """`'x == "a # b"'`"""),
    ("if: x == 'a # b'\n", "E118", 1, 13, "`\"x == 'a # b'\"`"),
    ("title: For {{ x # y }}\n", "E118", 1, 17, '`"For {{ x # y }}"`'),
    ("a:1\nb: 2\n", "E113", 1, 2, "`a: 1`"),
    ("a: 1\nkey:value\nb: 2\n", "E113", 2, 4, "`key: value`"),
    ("a: 1\nb\nc: 2\n", "E113", 2, 1, "colon"),
    ('title: "abc\nb: 1\n', "E109", 1, 8, 'second "'),
    ('title: "abc\nb: "x"\nc: 1\n', "E109", 1, 8, 'second "'),
    ("title: [a, b\nb: 1\n", "E110", 1, 8, "`]`"),
    ("a: {b: 1\nc: 2\n", "E110", 1, 4, "`}`"),
    ("a: [\n", "E110", 1, 4, "`]`"),
    ("a: [1", "E110", 1, 4, "`]`"),
    ("[a, b}\n", "E111", 1, 6, "`]`"),
    ("a: [1, 2]]\n", "E111", 1, 10, "`[`"),
    ("title: Plan: do it\n", "E112", 1, 12, '`"Plan: do it"`'),
    ("- title: Plan: do it\n", "E112", 1, 14, '`"Plan: do it"`'),
    ("a: {b: c: d}\n", "E112", 1, 9, "quotes"),
    ("a:\n\tb: 1\n", "E107", 2, 1, "two spaces"),
    ("a:\n  b: 1\n  \tc: 1\n\td: 1\n", "E107", 3, 3, "one more line"),
    ("a: 1\n  b: 2\n", "E108", 2, 3, "column 1"),
    ("a:\n  - x\n b: 2\n", "E108", 3, 2, "column"),
    ("- a\nb: 1\n", "E108", 2, 1, "further"),
    (" a: b\na: c\n", "E108", 2, 1, "column"),
    ("a: @x\n", "E117", 1, 4, '`"@x"`'),
    ("if: >= 4\n", "E117", 1, 5, '`">= 4"`'),
    ("a: - b\n", "E117", 1, 4, "lines of their own"),
    ('a: "\\q"\n', "E119", 1, 5, "backslash"),
    ('a: "\\UFFFFFFFF"\n', "E119", 1, 5, "backslash"),
    ("a: 1\nb: 2\na: 3\n", "E120", 3, 1, "keep one"),
    ("{a: 1, 'a': 2}\n", "E120", 1, 8, "keep one"),
    ("a: &x 1\n", "E121", 1, 4, "quotes"),
    ("a: && b\n", "E121", 1, 4, '`"&& b"`'),
    ("a: 1\nb: *a\n", "E122", 2, 4, "quotes"),
    ("text: *important* note\n", "E122", 1, 7, '`"*important* note"`'),
    ("a:\n  <<: {b: 1}\n", "E123", 2, 3, "write the keys out"),
    ("a: 1\n---\nb: 1\n", "E125", 2, 1, "file of its own"),
    ("1: x\n", "E126", 1, 1, '`"1":`'),
    ("true: x\n", "E126", 1, 1, '`"true":`'),
    ("a: {~: x}\n", "E126", 1, 5, '`"~":`'),
    ("? [x]\n: 1\n", "E126", 1, 3, "quotes"),
    ("a: 1\n: z\n", "E126", 2, 1, "key"),
    ("[" * 31 + "]" * 31, "E127", 1, 31, "process"),
    ("%YAML 1.1\n---\na: 1\n", "E129", 1, 1, "delete"),
    ("a: \x07\n", "E104", 1, 4, '"\\u0007"'),
    ("a: b\u2028c\n", "E104", 1, 5, '"\\u2028"'),
    ("a: \u202eb\n", "E104", 1, 4, '"\\u202E"'),
    ('a: "\\0"\n', "E104", 1, 4, "escape"),
    ("a: \ud800\n", "E104", 1, 4, "delete"),
    ("", "E105", 1, 1, "process"),
    ("# nothing\n", "E105", 1, 1, "process"),
    (b"a: caf\xe9\n", "E102", 1, 7, "UTF-8"),
    ("a: b".encode("utf-16"), "E102", 1, 1, "UTF-16"),
    ("a" * (256 * 1024 + 1), "E103", 1, 1, "process"),
]  # fmt: skip


@pytest.fixture(params=["C", "Python"])
def loader(request, monkeypatch):
    if request.param == "Python":
        monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    return request.param


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize(("source", "code", "line", "column", "advice"), TRAPS)
def test_a_trap_is_named_placed_and_helped(source, code, line, column, advice):
    with pytest.raises(DocumentRefused) as refused:
        parse(source, "f.yaml")
    found = refused.value.diagnostics[0]

    assert (found.code, found.span.line, found.span.column) == (code, line, column)
    assert advice in found.help
    assert len(refused.value.diagnostics) == 1


def test_a_tag_inside_braces_ends_at_the_comma():
    with pytest.raises(DocumentRefused) as refused:
        parse("x: {if: !a, go: b}\n", "f.yaml")
    (found,) = refused.value.diagnostics

    assert (found.code, found.span.column, found.help) == ("E124", 9, 'write `"!a"`')


@pytest.mark.parametrize(
    ("source", "code", "column"),
    [("a: Room #5\n", "E130", 9), ("a:\n  to:subject\n", "E131", 3), ("a:b\n", "E131", 1)],
)
def test_a_probable_slip_is_a_warning_beside_the_document(source, code, column):
    (found,) = parse(source, "f.yaml").warnings

    assert (found.code, found.severity, found.span.column) == (code, Severity.WARNING, column)


@pytest.mark.parametrize(
    "source",
    [
        "a: x # a comment\n", 'a: "x" #5\n', "a: it's # and it's fine\n", 'a: 5" # a " is an inch\n'[:9],
        "a: 12:30\n", "a:\n  https://host/x\n", "a: For {{ name }}\n", 'a: {b: "{{ c }}"}\n',
        "a: [x, # one\n  y]\n", "a: b]\n", "a: x#y\n", "on: {submit: -> x}\n", "a: |\n  x\t# y\n",
        "from 2: x\n", "a: \u200f\u200d\n", "'<<': 1\n", "'1': 1\n", "a: b ? c\n",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_trap_is_no_problem(source):
    assert parse(source, "f.yaml").warnings == ()


@pytest.mark.usefixtures("loader")
def test_many_problems_are_told_at_once_and_in_file_order():
    source = (
        "title: Plan: do it\n"
        'if: "L6" == grade\n'
        "on: {title: For {{ name }}}\n"
        "when: !approved\n"
        "key:value\n"
        "2: x\n"
        "text: @anna\n"
        "name: a\n"
        "name: b\n"
    )
    with pytest.raises(DocumentRefused) as refused:
        parse(source, "f.yaml")
    actual = [(found.span.line, found.code) for found in refused.value.diagnostics]

    assert actual == [
        (1, "E112"), (2, "E114"), (3, "E115"), (4, "E124"), (5, "E113"), (6, "E126"), (7, "E117"), (9, "E120"),
    ]  # fmt: skip


def test_behind_an_open_quote_the_rest_is_still_read():
    with pytest.raises(DocumentRefused) as refused:
        parse('title: "abc\nb: 1\nb: 2\n', "f.yaml")

    assert [found.code for found in refused.value.diagnostics] == ["E109", "E120"]


def test_a_second_key_shows_the_first():
    with pytest.raises(DocumentRefused) as refused:
        parse("a: 1\nb: 2\na: 3\n", "f.yaml")
    (found,) = refused.value.diagnostics

    assert [(mark.span.line, mark.label) for mark in found.also] == [(1, "first written here")]


def test_every_code_is_in_the_table_and_is_tried_here():
    tried = {code for _, code, *_ in TRAPS} | {"E101", "E106", "E128", "E130", "E131"}

    assert tried == set(DOCUMENT_CODES)


@pytest.mark.parametrize("unicode", [True, False])
def test_every_trap_can_be_drawn(unicode):
    for source, code, *_ in TRAPS:
        with pytest.raises(DocumentRefused) as refused:
            parse(source, "f.yaml")
        drawn = frame(
            refused.value.diagnostics[0], refused.value.source, color=False, unicode=unicode
        )

        assert drawn.startswith(f"error[{code}]: ")
        assert unicode or drawn.isascii()


def test_a_refusal_reads_as_lines_of_a_compiler():
    with pytest.raises(
        DocumentRefused, match=r"f\.yaml:1:1: error\[E126\]: the key `1` is read"
    ) as refused:
        parse("1: x\n", "f.yaml")

    assert refused.value.diagnostics[0].as_dict() == {
        "file": "f.yaml", "line": 1, "column": 1, "end_line": 1, "end_column": 2, "code": "E126",
        "severity": "error", "message": "the key `1` is read as a number, and keys are text",
        "help": 'quote it: `"1":`',
    }  # fmt: skip
