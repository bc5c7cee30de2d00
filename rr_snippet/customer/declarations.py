"""The declaration of each field: its type, its usual shape, the reader of other values, its JSON Schema."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic_core import core_schema

from rr_snippet.customer.email import EMAIL_MAX_CHARS, USUAL_EMAIL, USUAL_EMAIL_MAX_CHARS
from rr_snippet.customer.fields import (
    STOCK_ID_MAX_UTF16_UNITS,
    read_consent,
    read_custom_data,
    read_customer_id,
    read_customer_phone,
    read_email,
    read_stock_id,
)
from rr_snippet.customer.phone import USUAL_PHONE
from rr_snippet.customer.soft_links import LINKS_SCHEMA, read_soft_links, usual_links
from rr_snippet.customer.usual import (
    ANY,
    LINE,
    NAME,
    NON_BLANK,
    SHORT_LINE,
    TEXT_SCHEMA,
    Reader,
    usual_flag,
    usual_mapping,
    usual_text,
)

_NULL: Final = {"type": "null"}

_optional = core_schema.nullable_schema

IdField = Annotated[
    str,
    Reader(
        "text",
        usual_text(LINE),
        read_customer_id,
        {"anyOf": [TEXT_SCHEMA, {"type": "integer"}]},
        "customer_id.missing",
    ),
]

EmailField = Annotated[
    str | None,
    Reader(
        "text",
        _optional(usual_text(USUAL_EMAIL, max_chars=USUAL_EMAIL_MAX_CHARS)),
        read_email,
        {"type": ["string", "null"], "maxLength": EMAIL_MAX_CHARS},
    ),
]

PhoneField = Annotated[
    str | None,
    Reader("text", _optional(usual_text(USUAL_PHONE)), read_customer_phone, {"type": ["string", "null"]}),
]

CustomDataField = Annotated[
    dict[str, str] | None,
    Reader(
        "object",
        _optional(usual_mapping(NAME, ANY)),
        read_custom_data,
        {
            "type": ["object", "null"],
            "propertyNames": {"pattern": NON_BLANK, "not": {"const": "__proto__"}},
            "additionalProperties": {"type": "string"},
        },
    ),
]

StockIdField = Annotated[
    str | None,
    Reader(
        "text",
        _optional(usual_text(SHORT_LINE, max_chars=STOCK_ID_MAX_UTF16_UNITS)),
        read_stock_id,
        {"anyOf": [{"type": "string", "maxLength": STOCK_ID_MAX_UTF16_UNITS}, {"type": "integer"}, _NULL]},
    ),
]

LinksField = Annotated[
    dict[str, str] | None,
    Reader("array", _optional(usual_links()), read_soft_links, LINKS_SCHEMA),
]

ConsentField = Annotated[
    bool | None,
    Reader("flag", _optional(usual_flag()), read_consent, {"type": ["boolean", "null"]}),
]

# For guests these fields are required, while a customer may lack them.

GivenEmailField = Annotated[
    str,
    Reader(
        "text",
        usual_text(USUAL_EMAIL, max_chars=USUAL_EMAIL_MAX_CHARS),
        read_email,
        {"type": "string", "pattern": NON_BLANK, "maxLength": EMAIL_MAX_CHARS},
        "guest.email_missing",
    ),
]

GivenConsentField = Annotated[
    bool, Reader("flag", usual_flag(), read_consent, {"type": "boolean"}, "guest.consent_missing")
]
