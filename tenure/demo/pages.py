"""What a page offers to somebody without JavaScript: its forms, as a browser would send them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass(kw_only=True)
class Input:
    """One control of a form."""

    name: str
    kind: str  # text, radio, checkbox, hidden, search, textarea
    value: str = ""
    checked: bool = False


@dataclass(kw_only=True)
class Form:
    """One form."""

    action: str
    method: str
    inputs: list[Input] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)  # (name, value), in order

    def names(self) -> list[str]:
        """The names of what can be filled in, in the order of the page."""
        return list(dict.fromkeys(one.name for one in self.inputs if one.kind != "hidden"))

    def of(self, name: str) -> list[Input]:
        return [one for one in self.inputs if one.name == name]

    def pairs(self, button: tuple[str, str] | None) -> list[tuple[str, str]]:
        """What a browser would post, pressed with this button."""
        sent = [
            (one.name, one.value)
            for one in self.inputs
            if one.kind not in ("radio", "checkbox") or one.checked
        ]
        return [*sent, button] if button and button[0] else sent

    def fill(self, name: str, value: str) -> None:
        """Type into a text control, or choose among radios and boxes."""
        for one in self.of(name):
            if one.kind == "radio":
                one.checked = one.value == value
            elif one.kind == "checkbox":
                one.checked = one.checked or one.value == value
            else:
                one.value = value


@dataclass(kw_only=True)
class Page:
    """A page as read."""

    title: str
    forms: list[Form]

    @property
    def form(self) -> Form | None:
        """The form to fill in: the first that posts."""
        return next((form for form in self.forms if form.method == "post"), None)


def read_page(html: str) -> Page:
    """The forms of a page of ours."""
    reader = _Reader()
    reader.feed(html)
    return Page(title=" ".join(reader.title.split()), forms=reader.forms)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.title = ""
        self._in_title = False
        self._text: Input | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "title":
            self._in_title = not self.title
        elif tag == "form":
            form = Form(action=given.get("action", ""), method=given.get("method", "get").lower())
            self.forms.append(form)
        elif self.forms and tag in ("input", "textarea") and given.get("name"):
            kind = "textarea" if tag == "textarea" else given.get("type", "text")
            one = Input(
                name=given["name"],
                kind=kind,
                value=given.get("value", ""),
                checked="checked" in given,
            )
            self.forms[-1].inputs.append(one)
            self._text = one if tag == "textarea" else None
        elif self.forms and tag == "button":
            self.forms[-1].buttons.append((given.get("name", ""), given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False
        elif tag == "textarea":
            self._text = None

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data
        if self._text is not None:
            self._text.value += data
