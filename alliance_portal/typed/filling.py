"""A page's form filled in with what was typed; everything else on the page stays byte for byte."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from itertools import accumulate
from urllib.parse import urljoin, urlsplit

_NEVER_FILLED = {"password", "file", "submit", "button", "image", "reset"}
_PAGES_OWN = {"csrfmiddlewaretoken", "page_of"}
_FIELDS = {"input", "textarea", "select", "button"}


@dataclass
class Tag:
    """A start tag, and where it stands; for an element with content, where that ends."""

    name: str
    attributes: dict[str, str | None]
    start: int
    end: int
    content_end: int = -1
    options: list["Tag"] = field(default_factory=list)


@dataclass
class Form:
    """A form of the page; `folds` are the closed <details> around it."""

    posts: bool
    action: str
    folds: list[Tag]
    tags: list[Tag] = field(default_factory=list)

    @property
    def names(self) -> set[str]:
        """The names of its fields and buttons."""
        return {tag.attributes.get("name") or "" for tag in self.tags} - {""}

    def likeness(self, typed: Mapping[str, Sequence[str]]) -> tuple[int, int]:
        """How many of the fields it has, and how many of them already say what was typed."""
        same = [
            tag.attributes.get("value") in typed.get(tag.attributes.get("name") or "", ())
            for tag in self.tags
        ]
        return len(self.names & typed.keys()), sum(same)


class _Reader(HTMLParser):
    """Finds the forms of a page, their fields, and where each stands in the text."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=False)
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._folds: list[Tag] = []
        self._line_starts = [0, *accumulate(len(line) + 1 for line in page.split("\n"))]
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "form":
            posts = (attributes.get("method") or "").lower() == "post"
            self._form = Form(posts, attributes.get("action") or "", list(self._folds))
            self.forms.append(self._form)
        start = self._offset()
        found = Tag(tag, attributes, start, start + len(self.get_starttag_text() or ""))
        if tag == "details":
            self._folds.append(found)
        elif self._form is None:
            return
        elif tag in _FIELDS:
            self._form.tags.append(found)
        elif tag == "option" and self._form.tags:
            self._form.tags[-1].options.append(found)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "details" and self._folds:
            self._folds.pop()
        elif self._form and self._form.tags and tag == self._form.tags[-1].name:
            self._form.tags[-1].content_end = self._offset()

    def _offset(self) -> int:
        line, column = self.getpos()
        return self._line_starts[line - 1] + column


def forms_of(page: str) -> list[Form]:
    """The page's forms with their fields and buttons, in its order."""
    return _Reader(page).forms


def fill(page: str, here: str, address: str, typed: Mapping[str, Sequence[str]]) -> str | None:
    """The page with the form that posts to `address` filled in; None if it has no such form.

    `here` is the page's own address. Of several forms the one that is most like what was typed.
    Boxes that were not sent are unticked; passwords and files stay empty.
    """
    path = urlsplit(address).path
    forms = [
        form
        for form in forms_of(page)
        if form.posts and urlsplit(urljoin(here, form.action)).path == path
    ]
    if not forms:
        return None
    form = max(forms, key=lambda each: each.likeness(typed))
    left = {name: list(values) for name, values in typed.items() if name not in _PAGES_OWN}
    pieces, at = [], 0
    for start, end, text in _replacements(form, left):
        pieces += [page[at:start], text]
        at = end
    return "".join([*pieces, page[at:]])


def _replacements(form: Form, left: dict[str, list[str]]) -> list[tuple[int, int, str]]:
    """Where the page's text changes, in order; a name that stands several times takes value by value."""
    found = [(fold.start, fold.end, _written(fold, "open", True)) for fold in form.folds]
    for tag in form.tags:
        name, kind = tag.attributes.get("name") or "", _kind(tag)
        if name in _PAGES_OWN or "disabled" in tag.attributes:
            continue
        if kind in ("checkbox", "radio"):
            value = tag.attributes.get("value")
            chosen = ("on" if value is None else value) in left.get(name, ())
            found.append((tag.start, tag.end, _written(tag, "checked", chosen)))
        elif kind == "select" and name in left:
            found += [
                (each.start, each.end, _written(each, "selected", _value(each) in left[name]))
                for each in tag.options
            ]
        elif kind not in _NEVER_FILLED and left.get(name):
            value = left[name].pop(0)
            if kind == "textarea":
                # A browser drops the line break that a text area begins with.
                found.append((tag.end, tag.content_end, f"\n{escape(value)}"))
            else:
                tag.attributes["value"] = value
                found.append((tag.start, tag.end, _written(tag)))
    return found


def _kind(tag: Tag) -> str:
    if tag.name == "button":
        return "button"
    return (tag.attributes.get("type") or "text").lower() if tag.name == "input" else tag.name


def _value(option: Tag) -> str:
    return option.attributes.get("value") or ""


def _written(tag: Tag, flag: str = "", is_set: bool = False) -> str:
    """The tag again, with a flag (checked, selected) set or taken off."""
    kept = {name: value for name, value in tag.attributes.items() if name != flag}
    if is_set:
        kept[flag] = None
    words = [name if value is None else f'{name}="{escape(value)}"' for name, value in kept.items()]
    return f"<{' '.join([tag.name, *words])}>"
