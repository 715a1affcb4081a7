"""Cursor pages for every list."""

from rest_framework import pagination


class CursorPagination(pagination.CursorPagination):
    page_size = 50
    ordering = "-pk"
