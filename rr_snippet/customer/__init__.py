"""Turn a mapping into a customer, or report every problem of it.

Start with `customer`, which has the fields and the one entry point, `declarations`, which defines each field, and
`usual`, which lets pydantic check usual values. All other values go to the readers: `fields`, `email`, `phone`,
`soft_links`, `push` and `push_fields`. `model` is the base of the models; `translation` and `faults` turn errors into
our codes. `rules` are a shop's choices, `lenient` saves a customer with faulty fields, `warnings` finds what is
probably a mistake. `shapes` names what is wrong with a phone or an address, `json_reason` what is wrong with JSON.
`guest` and `order` are built the same way, with `numbers`. `texts`, `pairs` and `strict_json` serve all of them.
`schema` describes what may be given.
"""

from rr_snippet.customer.customer import Customer
from rr_snippet.customer.push import ApnsSubscription, FcmSubscription, HuaweiSubscription

__all__ = [
    "ApnsSubscription",
    "Customer",
    "FcmSubscription",
    "HuaweiSubscription",
]
