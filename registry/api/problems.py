"""Errors as problem details (RFC 9457)."""

from rest_framework.views import exception_handler


def problem_response(exception, context):
    return exception_handler(exception, context)
