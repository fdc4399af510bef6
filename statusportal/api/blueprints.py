"""The list of the API's blueprints: a new family is added here."""

from typing import Any

API_BLUEPRINTS: list[Any] = []
