"""The JSON Schema of a customer and of an order in both spellings."""

from __future__ import annotations

from typing import Any, Final

from rr_snippet.customer.customer import Customer
from rr_snippet.customer.guest import Guest
from rr_snippet.customer.model import PrivateModel
from rr_snippet.customer.order import Order, OrderItem
from rr_snippet.customer.push import KIND_SPELLINGS, KINDS
from rr_snippet.customer.usual import fields_of

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

PEOPLE: Final = ("customer", "guest")
"""The names of the buyer in the JSON of an order."""


def customer_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a customer as `Customer.parse` accepts it.

    It has each field under the vendor's name and under Python's, and allows only one of the two. A schema cannot
    express every rule: only the library knows whether a text is an e-mail address or a phone number.
    """
    definitions: dict[str, Any] = {}
    schema = _customer_schema(definitions)
    return {
        "$schema": _DIALECT,
        "title": "Customer",
        "description": (
            "A customer for Retail Rocket's setCustomer. Every field has two names, the vendor's (customerId) and "
            "Python's (customer_id): use one of them, not both. null is the same as leaving a field out."
        ),
        **schema,
        "$defs": definitions,
    }


def order_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of an order with its customer or guest, as `rr-snippet render --order` reads it.

    A schema cannot express every rule, such as one price for each id.
    """
    definitions: dict[str, Any] = {}
    definitions["Customer"] = _customer_schema(definitions)
    for model in (Guest, OrderItem):
        definitions[model.__name__] = _both_spellings(model, definitions)
    schema = _both_spellings(Order, definitions)
    definitions["Order.items"]["items"] = {"$ref": "#/$defs/OrderItem"}
    for name in PEOPLE:
        schema["properties"][name] = {"anyOf": [{"$ref": f"#/$defs/{name.title()}"}, {"type": "null"}]}
    schema["allOf"].append(
        {"not": {"properties": {name: {"type": "object"} for name in PEOPLE}, "required": list(PEOPLE)}}
    )
    return {
        "$schema": _DIALECT,
        "title": "Order",
        "description": (
            "An order for Retail Rocket's order, with the customer or the guest who bought it. A field with two names "
            "(qnt and quantity) is given by one of them."
        ),
        **schema,
        "$defs": definitions,
    }


def _customer_schema(definitions: dict[str, Any]) -> dict[str, Any]:
    schema = _both_spellings(Customer, definitions)
    for model in KINDS.values():
        definitions[model.__name__] = _both_spellings(model, definitions)
    # A kind that is null counts as absent, so exactly one must be an object.
    definitions["mobilePushSubscription"] |= {
        "properties": {
            name: {"anyOf": [{"$ref": f"#/$defs/{KINDS[kind].__name__}"}, {"type": "null"}]}
            for name, kind in KIND_SPELLINGS.items()
        },
        "additionalProperties": False,
        "if": {"type": "object"},
        "then": {"oneOf": [{"required": [name], "properties": {name: {"type": "object"}}} for name in KIND_SPELLINGS]},
    }
    return schema


def _both_spellings(model: type[PrivateModel], definitions: dict[str, Any]) -> dict[str, Any]:
    """Return the object schema of `model`. The schema of each field goes into `definitions`, and is referred to."""
    own = model.model_json_schema(by_alias=False, ref_template="#/$defs/{model}")
    properties: dict[str, Any] = {}
    rules: list[dict[str, Any]] = []
    for name, alias, _kind, is_required in fields_of(model):
        key = alias if model is Customer else f"{model.__name__}.{alias}"
        definition = {word: value for word, value in own["properties"][name].items() if word != "title"}
        definitions[key] = definition
        properties[alias] = {"$ref": f"#/$defs/{key}"}
        if name == alias:
            if is_required:
                rules.append({"required": [alias]})
            continue
        properties[name] = {"$ref": f"#/$defs/{key}", "description": f"The same as {alias}, by its Python name."}
        if is_required:
            rules.append({"oneOf": [{"required": [alias]}, {"required": [name]}]})
        else:
            rules.append({"not": {"required": [alias, name]}})
    return {"type": "object", "properties": properties, "allOf": rules, "additionalProperties": False}
