"""How the answers to questionnaires are written in pages."""

from django import template

from treaties import questionnaires

register = template.Library()
register.filter("figure_words", questionnaires.figure_words)
