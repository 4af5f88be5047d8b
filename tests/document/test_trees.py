"""Trees and positions, with both of PyYAML's loaders: the spans must not depend on which is there."""

import hashlib

import pytest
import yaml

from engine.document import DocumentRefused, Mapping, Scalar, Sequence, Span, parse, read


@pytest.fixture(params=["C", "Python"])
def loader(request, monkeypatch):
    if request.param == "Python":
        monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    return request.param


def span(line, column, end_line, end_column):
    return Span(line=line, column=column, end_line=end_line, end_column=end_column)


def plain(node):
    match node:
        case Scalar():
            return node.value
        case Sequence():
            return [plain(item) for item in node.items]
        case Mapping():
            return {entry.name: plain(entry.value) for entry in node.entries}


@pytest.mark.usefixtures("loader")
def test_lists_and_mappings_keep_their_order_and_shape():
    root = parse("on:\n  submit: [a, {b: 1}]\n  no:\n  - x\n  -\n", "f.yaml").root

    assert plain(root) == {"on": {"submit": ["a", {"b": 1}], "no": ["x", None]}}
    assert root.get("on").names == ("submit", "no")
    assert root.get("off") is None
    assert root.entry("on").key.span == span(1, 1, 1, 3)


@pytest.mark.usefixtures("loader")
def test_spans_count_characters_from_one_and_end_after_the_last():
    root = parse("a: é😀 # x\n日本: [x,\n  'y z']\nb:\n  c: |\n    t\n\nd: 1\n", "f.yaml").root
    actual = [(entry.key.span, entry.value.span) for entry in root.entries]

    assert actual == [
        (span(1, 1, 1, 2), span(1, 4, 1, 6)),
        (span(2, 1, 2, 3), span(2, 5, 3, 9)),
        (span(4, 1, 4, 2), span(5, 3, 6, 6)),
        (span(8, 1, 8, 2), span(8, 4, 8, 5)),
    ]
    assert root.span == span(1, 1, 8, 5)
    assert root.get("b").entry("c").span == span(5, 3, 6, 6)


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_byte_order_marks_move_nothing(start, end):
    raw = start + f"a: 1{end}# 😀{end}b: {{c: d}}{end}".encode()
    document = parse(raw, "f.yaml")

    assert document.root.get("b").get("c").span == span(3, 8, 3, 9)
    assert document.sha256 == hashlib.sha256(raw).hexdigest()
    assert not document.source.startswith("\ufeff")


def test_text_and_its_bytes_are_the_same_document():
    assert parse("ä: 1", "f.yaml") == parse("ä: 1".encode(), "f.yaml")


def test_a_file_is_read_under_the_name_it_was_asked_for(tmp_path):
    path = tmp_path / "p.yaml"
    path.write_bytes(b"a: 1\r\n")

    assert read(path).name == str(path)
    assert plain(read(path).root) == {"a": 1}


@pytest.mark.parametrize("name", ["absent.yaml", ".", "a\0b"])
def test_a_file_that_cannot_be_opened_is_a_sentence(tmp_path, name):
    with pytest.raises(DocumentRefused) as refused:
        read(tmp_path / name)

    assert [found.code for found in refused.value.diagnostics] == ["E101"]
    assert refused.value.diagnostics[0].help


def test_an_endless_file_is_not_read_to_its_end(tmp_path):
    path = tmp_path / "big.yaml"
    with path.open("wb") as file:
        file.truncate(1 << 40)

    with pytest.raises(DocumentRefused) as refused:
        read(path)

    assert [found.code for found in refused.value.diagnostics] == ["E103"]


def test_the_limits_are_allowed_themselves():
    parse("a: " + "x" * (256 * 1024 - 3), "f.yaml")
    parse("[" * 30 + "]" * 30, "f.yaml")
    parse("%YAML 1.2\n---\na: 1\n...\n", "f.yaml")
