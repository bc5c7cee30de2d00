"""The customers for measurements, by name: typical ones, a large one, and one that is all escapes."""

from __future__ import annotations

from typing import Any

PUSH = {
    "fcmSubscription": {
        "creationTimestamp": "2025-03-31T11:03:02.3564674+03:00",
        "applicationId": "ru.shop.app",
        "fcmProjectId": "my-awesome-fcm-project",
        "token": "fcm-push-token-d7f8a9s7df98as7df98",
    }
}

SMALL: dict[str, Any] = {
    "customerId": "100042",
    "email": "anna.petrova@shop.ru",
    "phone": "71112223344",
    "customData": {"card": "gold"},
    "isAgreedToReceiveMarketingMail": True,
}

TYPICAL: dict[str, Any] = {
    "customerId": "100042",
    "email": "anna.petrova@shop.ru",
    "phone": "+7 (911) 222-33-44",
    "customData": {
        "Имя": "Анна",
        "Город": "Санкт-Петербург",
        "Любимый бренд": "Красная Заря",
        "Статус карты": "Золотая",
        "Дата рождения": "12.04.1988",
    },
    "defaultStockId": "Москва",
    "softLinks": {"карта лояльности": "7700123456", "telegram": "anna_p"},
    "mobilePushSubscription": PUSH,
    "isAgreedToReceiveMarketingMail": True,
}

# The typical customer with one field in another form that shops have.
FORMS: dict[str, dict[str, Any]] = {
    "typical": TYPICAL,
    "list of links": {
        **TYPICAL,
        "softLinks": [{"name": "карта лояльности", "value": "7700123456"}, {"name": "telegram", "value": "anna_p"}],
    },
    "address with capitals": {**TYPICAL, "email": "Anna.Petrova@Shop.RU"},
    "address in Cyrillic": {**TYPICAL, "email": "анна.петрова@магазин.рф"},
    "id a number, empty fields None": {**TYPICAL, "customerId": 100042, "email": None},
}

LARGE: dict[str, Any] = {
    **TYPICAL,
    "customData": {f"Поле {number}": f"Значение {number}" for number in range(100)},
    "softLinks": {f"ссылка {number}": f"{7700123456 + number}" for number in range(20)},
}

_HOSTILE = "\"\\</script>'&<!--${{%`\n\x7f\u2028😀"

HOSTILE: dict[str, Any] = {
    **TYPICAL,
    "customData": {f"{_HOSTILE}{number}": _HOSTILE for number in range(5)},
    "softLinks": {f"{_HOSTILE}{number}": _HOSTILE for number in range(2)},
}

CUSTOMERS = {"small": SMALL, "typical": TYPICAL, "large": LARGE, "hostile": HOSTILE}

# The number of texts and flags of a customer, as a measure of the work.
FIELD_COUNTS = {"small": 5, "typical": 15, "large": 128, "hostile": 15}
