"""Example customers. Two have the shape of the vendor's samples, with valid values."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from rr_snippet.preview.form import Form

_SAMPLE: Final = Form(
    texts={"customerId": "100042", "email": "anna@shop.ru", "phone": "+7 (111) 222-33-44", "defaultStockId": ""},
    custom_data=(("name", "Анна"), ("favourite brand", "O'Neil & «Заря»")),
    soft_links=(("loyalty card", "7700123456"), ("telegram", "anna_p")),
    push_kind="fcmSubscription",
    push={
        "isDevEnvironment": "",
        "creationTimestamp": "2025-03-31T11:03:02.3564674+03:00",
        "applicationId": "ru.shop.app",
        "fcmProjectId": "my-awesome-fcm-project",
        "token": "fcm-push-token",
    },
    consent="true",
)

_BREAKOUT: Final = "</script><script>alert(1)</script>"

EXAMPLES: Final = {
    "no-region": _SAMPLE,
    "region": replace(_SAMPLE, texts={**_SAMPLE.texts, "defaultStockId": "Москва"}),
    # Values that handwritten templates let through: each of them has ended a script, a string or a page somewhere.
    "hostile": Form(
        texts={
            "customerId": _BREAKOUT,
            "email": "",
            "phone": "",
            "defaultStockId": "\"><img src=x onerror='alert(2)'>",
        },
        custom_data=(
            ("{{ 7*7 }}", "<!--<script>"),
            ('O\'Neil "the" \\ best', "&lt; ${alert(3)} %s \u2028 ]]>"),
        ),
        soft_links=(("javascript:alert(4)", "');alert(5);//"),),
        consent="true",
    ),
    "wrong": Form(
        texts={"customerId": "", "email": "anna@shop", "phone": "22-33-44", "defaultStockId": "r" * 51},
        custom_data=(("", "Анна"), ("city?", "Тверь"), ("__proto__", "x")),
        soft_links=(("card", "7700123456"), ("card", "anna@shop.ru")),
        push_kind="apnsSubscription",
        push={**_SAMPLE.push, "isDevEnvironment": "", "creationTimestamp": "2025-03-31 11:03", "token": ""},
        consent="false",
    ),
    "empty": Form(),
}
