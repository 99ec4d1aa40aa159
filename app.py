"""The Chalice app: it reads the tables of contents, and imports no room.

The module of a page is imported at its first request, and AWS imports that of any other function
without this file: what a step needs is in the decorator where it is defined.
"""

from __future__ import annotations

from chalice.app import Chalice

from chalicelib.aws.clients import make_ready
from chalicelib.functions import FUNCTIONS
from chalicelib.routes import COUNTIES_OF, ROUTES
from chalicelib.web.routing import register

make_ready()
app = Chalice(app_name="iecmhc")
register(app, ROUTES, COUNTIES_OF)
for function in FUNCTIONS:
    app.register_blueprint(function)
