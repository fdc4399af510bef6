"""The one blueprint of the talk pages: each family hangs its routes on it."""

from flask import Blueprint

entries = Blueprint("entries", __name__)
