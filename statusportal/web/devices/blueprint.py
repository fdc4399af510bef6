"""The one blueprint of the device pages."""

from flask import Blueprint

devices = Blueprint("devices", __name__)
