"""A browser without scripts: signs in through the form, follows links, and sends forms with their hidden fields."""

from html.parser import HTMLParser

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from statusportal.accounts.models import Person
from tests.factories.accounts import PASSWORD


class Browser:
    """One person's browser. Pages come back as responses; a form is sent with the token that its page holds."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()

    def get(self, address: str, query_string: dict[str, str] | None = None) -> TestResponse:
        """Open an address without following where it leads."""
        return self.client.get(address, query_string=query_string, buffered=True)

    def send(self, address: str, page: str = "/sign-in", **fields: str) -> TestResponse:
        """Send a form to an address with the token of a page; fields ending in _ are Python's own words."""
        token = hidden_token(self.client.get(page, follow_redirects=True).text)
        values = {name.rstrip("_"): value for name, value in fields.items()}
        return self.client.post(address, data={**values, "csrf_token": token})

    def sign_in(self, person: Person, next_: str = "/profile") -> TestResponse:
        """Sign in through the form."""
        return self.send("/sign-in", email=person.email, password=PASSWORD, next_=next_)


def browser_of(app: Flask, person: Person) -> Browser:
    """Return the browser of somebody who has signed in."""
    browser = Browser(app)
    browser.sign_in(person)
    return browser


def hidden_token(html: str) -> str:
    """Return the token that the forms of a page carry."""
    return next(one["value"] for tag, one in parts(html) if tag == "input" and one.get("name") == "csrf_token")


def parts(html: str) -> list[tuple[str, dict[str, str]]]:
    """Return every tag of a page with its attributes, as a parser sees them that is not the template's."""
    reader = _Tags()
    reader.feed(html)
    return reader.found


def words(html: str) -> str:
    """Return what a reader sees of a page, blanks as single spaces."""
    reader = _Tags()
    reader.feed(html)
    return " ".join(" ".join(reader.texts).split())


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def field(html: str, name: str, place: int = 0) -> str:
    """Return what an input of that name holds; `place` counts those of the same name."""
    return [one.get("value", "") for tag, one in parts(html) if tag == "input" and one.get("name") == name][place]


def actions(html: str, ending: str) -> list[str]:
    """Return where the forms of a page are sent whose addresses end so."""
    return [one["action"] for tag, one in parts(html) if tag == "form" and one.get("action", "").endswith(ending)]


def shown_secret(html: str) -> str:
    """Return what the copy button of a page copies: a link or a token that is shown once."""
    return next(one["data-copy"] for tag, one in parts(html) if tag == "button" and "data-copy" in one)
