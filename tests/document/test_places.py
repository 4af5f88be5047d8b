"""A column inside an expression is found again in the source, however the text was written."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.document import parse
from engine.document.spans import line_starts


def cut(document, span):
    starts = line_starts(document.source)
    begin = starts[span.line - 1] + span.column - 1
    return document.source[begin : starts[span.end_line - 1] + span.end_column - 1]


@pytest.mark.parametrize(
    ("source", "word", "line", "column", "written"),
    [
        ("if: a == grade\n", "grade", 1, 10, "grade"),
        ("if: 'a == ''x'' && grade'\n", "grade", 1, 20, "grade"),
        ("if: 'a == ''x'' && grade'\n", "'x'", 1, 11, "''x''"),
        ('if: "a == \\"x\\" && \\u00e9😀 grade"\n', "grade", 1, 28, "grade"),
        ('if: "a == \\"x\\" && \\u00e9😀 grade"\n', "é", 1, 20, "\\u00e9"),
        ("if: a ==\n   b &&\n\n   grade\n", "grade", 4, 4, "grade"),
        ('if: "a \\\n    b grade"\n', "grade", 2, 7, "grade"),
        ("if: >\n  a ==\n  b && grade\n", "grade", 3, 8, "grade"),
        ("if: |-\n  a ==\n    b && grade\n", "grade", 3, 10, "grade"),
        ("x:\n  - {if: '😀 grade', go: y}\n", "grade", 2, 13, "grade"),
    ],
)
def test_a_word_is_found_where_it_is_written(source, word, line, column, written):
    document = parse(source, "f.yaml")
    node = document.root.entries[0].value
    scalar = node if hasattr(node, "text") else node.items[0].get("if")
    span = document.place(scalar, scalar.text.index(word), len(word))

    assert (span.line, span.column) == (line, column)
    assert cut(document, span) == written


def test_an_offset_behind_the_text_is_its_end():
    document = parse('a: "bc"\n', "f.yaml")
    span = document.place(document.root.get("a"), 99)

    assert (span.line, span.column, span.end_column) == (1, 7, 7)


@settings(deadline=None)
@given(
    words=st.lists(
        st.sampled_from(["a", "==", "'x'", '"y"', "😀", "é\\", "日本"]), min_size=1, max_size=9
    )
)
@pytest.mark.parametrize("style", ["single", "double", "literal", "folded"])
def test_every_visible_character_is_found_in_every_style(style, words):
    text = " ".join(words)
    written = {
        "single": "'" + text.replace("'", "''").replace(" ", "\n  ") + "'",
        "double": '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"',
        "literal": "|\n  " + text.replace(" ", "\n  "),
        "folded": ">-\n  " + text.replace(" ", "\n  "),
    }[style]
    document = parse(f"k: {written}\n", "f.yaml")
    scalar = document.root.get("k")
    for at, character in enumerate(scalar.text):
        if not character.isspace():
            found = cut(document, document.place(scalar, at))
            assert found in {character, "''", "\\" + character}
            assert character in found
