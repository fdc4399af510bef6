"""The one blueprint of the community's pages: each family hangs its routes on it."""

from flask import Blueprint

community = Blueprint("community", __name__)
