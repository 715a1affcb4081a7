"""Requests for mutual legal assistance, sent and received."""
