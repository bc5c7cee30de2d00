"""A mapping becomes a customer, or every fault of it.

To read it, begin with `customer`, which has the fields and the one way in, `declarations`, what each field is, and
`usual`, which lets pydantic check what is usual. All else goes to the readers: `fields`, `email`, `phone`,
`soft_links`, `push` and `push_fields`. `model` puts them together, `translation` and `faults` say in our codes what is
wrong; then the `rules` a shop has chosen, `lenient` keeps a customer who need not be lost, and `warnings`. `shapes`
tells by kind and place what is wrong with a phone or an address, `json_reason` what is wrong with JSON. `guest` and
`order` are made of the same, with `numbers`. `texts`, `pairs` and `strict_json` serve them all; `schema` describes what
may be given.
"""

from rr_snippet.customer.customer import Customer
from rr_snippet.customer.guest import Guest
from rr_snippet.customer.order import Order, OrderItem
from rr_snippet.customer.push import ApnsSubscription, FcmSubscription, HuaweiSubscription

__all__ = [
    "ApnsSubscription",
    "Customer",
    "FcmSubscription",
    "Guest",
    "HuaweiSubscription",
    "Order",
    "OrderItem",
]
