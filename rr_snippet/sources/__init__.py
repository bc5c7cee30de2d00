"""Customers out of streams: JSON, JSON Lines, CSV, and fields that are all text.

To read it, begin with `records`; `text_fields` decodes cells and form fields.
"""
