"""The one blueprint of the pages of knowledge."""

from flask import Blueprint

knowledge = Blueprint("knowledge", __name__)
