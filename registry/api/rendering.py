"""JSON through orjson."""

from rest_framework import renderers


class JSONRenderer(renderers.JSONRenderer):
    pass
