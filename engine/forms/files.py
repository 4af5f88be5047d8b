"""Files that people hand in: which are taken, by what they are called *and* by what is in them."""

import io
import re
import zipfile
from typing import Final

MOST_BYTES: Final = 10 * 1024 * 1024
_MOST_NAME: Final = 120
_OFFICE: Final = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}
_OPEN: Final = {
    "odt": b"application/vnd.oasis.opendocument.text",
    "ods": b"application/vnd.oasis.opendocument.spreadsheet",
    "odp": b"application/vnd.oasis.opendocument.presentation",
}
_BEGINS: Final = {
    "pdf": (b"%PDF-",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
}
_TEXTS: Final = ("txt", "csv")
TAKEN: Final = (*_BEGINS, *_OFFICE, *_OPEN, *_TEXTS)
# Separators and controls, and what turns the direction of writing: `annfdp.exe` is not a PDF.
_UNFIT: Final = re.compile('[\x00-\x1f\x7f<>:"/\\\\|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]')


class FileRefused(ValueError):  # noqa: N818 - what became of it
    """The file is not taken; the message is a sentence for who chose it."""


def file_name(given: str, content: bytes) -> str:
    """The name under which the file is kept. Raises FileRefused."""
    name = _UNFIT.sub("", given.replace("\\", "/").rsplit("/", 1)[-1]).strip(" .")
    stem, dot, ending = name.rpartition(".")
    kind = ending.lower()
    if not dot or not stem or kind not in TAKEN:
        raise FileRefused(
            f"“{name[:60] or 'This file'}” is not of a kind that is taken. "
            f"Choose one of: {', '.join(TAKEN)}."
        )
    if not content:
        raise FileRefused(f"“{name[:60]}” is empty. Choose another file.")
    if len(content) > MOST_BYTES:
        raise FileRefused(
            f"“{name[:60]}” is too large: {MOST_BYTES // 2**20} MB are taken. Make it smaller, for "
            "example by scanning it in a lower resolution."
        )
    if not _is(kind, content):
        raise FileRefused(
            f"“{name[:60]}” is not what its name says: what is in it is no {kind.upper()} file. "
            "Save it anew in that format."
        )
    return f"{stem[: _MOST_NAME - len(ending) - 1]}.{ending}"


def _is(kind: str, content: bytes) -> bool:
    if kind in _BEGINS:
        return content.startswith(_BEGINS[kind])
    if kind in _TEXTS:
        return _is_text(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = packed.namelist()
            if kind in _OFFICE:
                inside = any(name.startswith(_OFFICE[kind]) for name in names)
                return "[Content_Types].xml" in names and inside and not _has_macros(names)
            return names[:1] == ["mimetype"] and packed.open("mimetype").read(80) == _OPEN[kind]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError):
        return False


def _has_macros(names: list[str]) -> bool:
    return any(name.lower().endswith("vbaproject.bin") for name in names)


def _is_text(content: bytes) -> bool:
    if b"\0" in content:
        return False
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return True
