"""What a page's form would send as it stands, read from its HTML as a browser reads it."""

from html.parser import HTMLParser

Sent = dict[str, list[str]]


def filled_in(page: str) -> Sent:
    """The fields of the form of the page's main part that is sent, with what stands in them.

    Buttons are not pressed, files not chosen. Of several forms the last; nothing where there is none.
    """
    reader = _Reader()
    reader.feed(page)
    return reader.forms[-1] if reader.forms else {}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Sent] = []
        self._is_main = self._is_sent = False
        self._select = self._area = ""
        self._first: str | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "main":
            self._is_main = True
        elif tag == "form":
            self._is_sent = self._is_main and given.get("method", "get").lower() == "post"
            if self._is_sent:
                self.forms.append({})
        elif tag == "input":
            self._input(given)
        elif tag == "select":
            self._select, self._first = given.get("name", ""), None
        elif tag == "option" and self._select:
            if "selected" in given:
                self._add(self._select, given.get("value", ""))
                self._select = ""
            elif self._first is None:
                self._first = given.get("value", "")
        elif tag == "textarea":
            self._area = given.get("name", "")
            self._add(self._area, "")

    def handle_data(self, data: str) -> None:
        if self._area and self._is_sent:
            self.forms[-1][self._area][-1] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "main":
            self._is_main = False
        elif tag == "form":
            self._is_sent = False
        elif tag == "textarea":
            self._area = ""
        elif tag == "select" and self._select:
            self._add(self._select, self._first or "")
            self._select = ""

    def _input(self, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        if kind in ("submit", "button", "file", "image", "reset"):
            return
        if kind in ("checkbox", "radio") and "checked" not in given:
            return
        self._add(given.get("name", ""), given.get("value", "on" if kind == "checkbox" else ""))

    def _add(self, name: str, value: str) -> None:
        if name and self._is_sent:
            self.forms[-1].setdefault(name, []).append(value)
