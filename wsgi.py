"""The WSGI entry: `app` for any server."""

from statusportal.app import create_app
from statusportal.config import load_settings

app = create_app(load_settings())
