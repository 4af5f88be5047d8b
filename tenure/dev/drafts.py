"""What somebody is filling in on the bench, with its files: in memory, until it is answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from engine.forms import Typed
from engine.forms.files import file_name
from web.posted import Upload


@dataclass(kw_only=True, slots=True)
class Drafts:
    """Of the case that is played; another case, or another state of the file, begins with none."""

    _typed: dict[tuple[str, str], Typed] = field(default_factory=dict)  # by person and task
    _files: dict[str, Upload] = field(default_factory=dict)  # by id

    def of(self, person: str, key: str) -> Typed | None:
        return self._typed.get((person, key))

    def keep(self, person: str, key: str, values: Typed) -> None:
        self._typed[person, key] = values

    def take(self, file: Upload) -> Mapping[str, Any]:
        """Keeps a file by the product's own rules; how an answer names it. Raises FileRefused."""
        name = file_name(file.name, file.content)
        digest = sha256(file.content).hexdigest()
        self._files[digest[:32]] = Upload(field=file.field, name=name, content=file.content)
        return {"id": digest[:32], "name": name, "size": len(file.content), "sha256": digest}

    def file(self, number: str) -> Upload | None:
        return self._files.get(number)

    def answered(self, person: str, key: str) -> None:
        self._typed.pop((person, key), None)

    def clear(self) -> None:
        self._typed.clear()
        self._files.clear()
