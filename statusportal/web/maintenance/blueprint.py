"""The one blueprint of the pages of planned work."""

from flask import Blueprint

maintenance_pages = Blueprint("maintenance", __name__)
