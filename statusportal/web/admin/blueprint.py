"""The one blueprint of the administration: each family of pages hangs its routes on it."""

from flask import Blueprint

admin = Blueprint("admin", __name__, url_prefix="/admin")
