"""Every form and every query that the pages of the site lead to, found by walking through them."""

from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urljoin, urlsplit

from django.test import Client
from django.urls import resolve

from tests.demo.crawling import SITE

Fields = tuple[tuple[str, str], ...]
NOT_TYPED = {"submit", "button", "image", "reset", "file"}
NEVER_SENT = {"csrfmiddlewaretoken"}


@dataclass(frozen=True)
class Door:
    """Where texts can be sent to, and what a person would send who changes nothing."""

    method: str
    path: str
    fields: Fields

    @property
    def kind(self) -> tuple[str, ...]:
        """What it has in common with those of other things of its kind."""
        names = sorted({name for name, _value in self.fields})
        return (self.method, resolve(self.path).route, *names)

    def with_each_field(self, text: str) -> Iterator[tuple[str, "Door"]]:
        """The door with the text in one field after the other, and the name of that field."""
        for name in dict(self.fields):
            changed = tuple((other, text if other == name else value) for other, value in self.fields)
            yield name, Door(self.method, self.path, changed)

    def send(self, client: Client) -> int:
        """The status of the answer."""
        said: dict[str, list[str]] = {}
        for name, value in self.fields:
            said.setdefault(name, []).append(value)
        return int(getattr(client, self.method)(self.path, said).status_code)


def doors(client: Client, paths: set[str]) -> list[Door]:
    """One of each kind, of those on the pages with these paths."""
    found: dict[tuple[str, ...], Door] = {}
    for path in sorted(paths):
        page = client.get(path)
        content = page.getvalue()  # of a download too, to its end
        if page.status_code != 200 or not page.headers["Content-Type"].startswith("text/html"):
            continue
        for door in _on_page(path, content.decode()):
            found.setdefault(door.kind, door)
    return list(found.values())


def _on_page(path: str, page: str) -> Iterator[Door]:
    parser = _Forms()
    parser.feed(page)
    for form in parser.forms.values():
        target = _within_site(path, form.action)
        if form.fields and target is not None:
            yield Door(form.method, target[0], tuple(form.sent()))
    for link in parser.links:
        target = _within_site(path, link)
        if target is not None and target[1]:
            yield Door("get", *target)


def _within_site(path: str, link: str) -> tuple[str, Fields] | None:
    url = urljoin(f"{SITE}{path}", link)
    if not url.startswith(f"{SITE}/") or url.startswith(f"{SITE}/static/"):
        return None
    parts = urlsplit(url)
    return parts.path, tuple(parse_qsl(parts.query, keep_blank_values=True))


class _Form:
    def __init__(self, attrs: dict[str, str]) -> None:
        self.action = attrs.get("action", "")
        self.method = attrs.get("method", "get").lower()
        self.fields: dict[str, list[str]] = {}
        self.chosen: dict[str, str] = {}

    def add(self, attrs: dict[str, str], value: str) -> None:
        """Of what can be chosen, the first that is something is sent unless another one is chosen."""
        name, kind = attrs.get("name", ""), attrs.get("type", "text")
        if not name or name in NEVER_SENT or kind in NOT_TYPED - {"submit"}:
            return
        if kind in {"radio", "checkbox", "submit", "option"}:
            if "checked" in attrs or "selected" in attrs:
                self.chosen[name] = value
            if not any(self.fields.setdefault(name, [])):
                self.fields[name] = [value]
        else:
            self.fields.setdefault(name, []).append(value or ("1" if kind == "number" else "some text"))

    def sent(self) -> Iterator[tuple[str, str]]:
        for name, values in self.fields.items():
            for value in [self.chosen[name]] if name in self.chosen else values:
                yield name, value


class _Forms(HTMLParser):
    """Forms with their controls, also those that name their form, and all links."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, _Form] = {}
        self.links: list[str] = []
        self._waiting: list[tuple[str, dict[str, str], str]] = []
        self._open = self._select = self._area = ""
        self._area_attrs: dict[str, str] = {}

    def handle_starttag(self, tag: str, pairs: list[tuple[str, str | None]]) -> None:
        attrs = {name: value or "" for name, value in pairs}
        if tag == "a":
            self.links += [attrs[name] for name in ("href", "hx-get") if attrs.get(name)]
        elif tag == "form":
            self._open = attrs.get("id") or f"form-{len(self.forms)}"
            self.forms[self._open] = _Form(attrs)
        elif tag == "select":
            self._select = attrs.get("name", "")
        elif tag == "option" and self._select:
            self._add(attrs | {"name": self._select, "type": "option"}, attrs.get("value", ""))
        elif tag == "textarea":
            self._area, self._area_attrs = "", attrs
        elif tag == "input":
            self._add(attrs, attrs.get("value", ""))
        elif tag == "button":
            self._add({"type": "submit"} | attrs, attrs.get("value", ""))

    def handle_data(self, data: str) -> None:
        self._area += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = ""
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._add(self._area_attrs | {"type": "textarea"}, self._area.strip())

    def _add(self, attrs: dict[str, str], value: str) -> None:
        if form := self.forms.get(attrs.get("form") or self._open):
            form.add(attrs, value)
