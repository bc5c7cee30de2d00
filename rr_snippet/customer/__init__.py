"""A mapping becomes a customer, or every fault of it.

To read it, begin with `customer`, which has the fields, then `fields`, `email`, `phone`, `soft_links` and `push`, which
read one each, by the `rules` a shop has chosen; `model` and `faults` are how they speak through pydantic. `texts` and
`strict_json` serve them all; `schema` describes what may be given.
"""

from rr_snippet.customer.customer import Customer
from rr_snippet.customer.push import ApnsSubscription, FcmSubscription, HuaweiSubscription

__all__ = ["ApnsSubscription", "Customer", "FcmSubscription", "HuaweiSubscription"]
