"""`rr-snippet schema`: the JSON Schema of a customer or an order, for editors and other tools."""

from __future__ import annotations

import json

import click

from rr_snippet.cli._group import command
from rr_snippet.cli._speech import speech_options
from rr_snippet.customer.schema import customer_schema, order_schema


@command("rr-snippet schema > customer.schema.json", "rr-snippet schema --order > order.schema.json")
@click.option("--order", "is_of_order", is_flag=True, help="That of an order with its customer or guest.")
@speech_options
def schema(is_of_order: bool) -> None:
    """Print the JSON Schema (2020-12) of a customer, with both spellings of every name."""
    print(json.dumps(order_schema() if is_of_order else customer_schema(), ensure_ascii=False, indent=2))
