"""The vendor's two samples: their frame line by line, and their object as a JavaScript engine reads it."""

from __future__ import annotations

import pytest

from rr_snippet import render_snippet, to_payload
from tests.support.javascript import run_scripts

FRAME = [
    '<script type="text/javascript">',
    '    (window["rrApiOnReady"] = window["rrApiOnReady"] || []).push(function() {',
    "      try {",
    "        rrApi.setCustomer({",
    "        });",
    "      } catch (e) {}",
    "  })",
    "</script>",
]

# As the vendor writes it: inner keys without quotes, trailing commas. Only the placeholders of the e-mail and the phone
# are replaced, because they are no values.
SAMPLE = """
rrApi.setCustomer({
  "customerId": "customerId",
  "email": "anna@shop.ru",
  "phone": "+7 (111) 222-33-44",
  "customData": {
    customDataName1: "customDataValue1",
    customDataName2: "customDataValue2",
  },%s
  "softLinks": [{
      %s: "testLinkName1",
      %s: "testValue1"
    },
    {
      %s: "testLinkName2",
      %s: "testValue2"
    }
  ],
  "mobilePushSubscription" : {
    "fcmSubscription" : {
      "creationTimestamp" : "2025-03-31T11:03:02.3564674+03:00",
      "applicationId" : "applictionId",
      "fcmProjectId" : "my-awesome-fcm-project",
      "token" : "fcm-push-token"
    }
  },
  "isAgreedToReceiveMarketingMail": true
});
"""

CUSTOMER = {
    "customerId": "customerId",
    "email": "anna@shop.ru",
    "phone": "+7 (111) 222-33-44",
    "customData": {"customDataName1": "customDataValue1", "customDataName2": "customDataValue2"},
    "softLinks": {"testLinkName1": "testValue1", "testLinkName2": "testValue2"},
    "mobilePushSubscription": {
        "fcmSubscription": {
            "creationTimestamp": "2025-03-31T11:03:02.3564674+03:00",
            "applicationId": "applictionId",
            "fcmProjectId": "my-awesome-fcm-project",
            "token": "fcm-push-token",
        }
    },
}


@pytest.mark.parametrize(
    ("customer", "sample"),
    [
        (CUSTOMER, SAMPLE % ("", "name", "value", "name", "value")),
        (
            {**CUSTOMER, "defaultStockId": "defaultStockId"},
            SAMPLE % ('\n  "defaultStockId": "defaultStockId",', "Name", "Value", "Name", "Value"),
        ),
    ],
    ids=["no-region", "region"],
)
def test_the_payload_is_the_sample(customer: dict[str, object], sample: str) -> None:
    push = f'(window["rrApiOnReady"] = window["rrApiOnReady"] || []).push(function() {{{sample}}})'
    received = run_scripts(push).customer()
    assert to_payload(customer) == received
    assert list(to_payload(customer)) == list(received)


def test_the_frame_is_the_samples_line_by_line() -> None:
    lines = str(render_snippet({"customerId": "42"}, pretty=True)).split("\n")
    assert lines[:4] == FRAME[:4]
    assert lines[-4:] == FRAME[4:]
