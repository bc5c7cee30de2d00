"""`rr-snippet schema`: the JSON Schema of a customer, for editors and other tools."""

from __future__ import annotations

import json

import click

from rr_snippet.customer.schema import customer_schema


@click.command()
def schema() -> None:
    """Print the JSON Schema (2020-12) of a customer, with both spellings of every name."""
    print(json.dumps(customer_schema(), ensure_ascii=False, indent=2))
