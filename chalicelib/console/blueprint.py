"""The console's one blueprint, to which each of its pages adds its routes."""

from __future__ import annotations

from chalice.app import Blueprint

bp = Blueprint(__name__)
