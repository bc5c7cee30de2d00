"""The rules of what a call is given: the object of a customer, a guest, an order; see `rulebook`."""

from __future__ import annotations

from typing import Final

from rr_snippet.check.rule import Rule

_QUOTES_MISSING: Final = Rule("error", "not a string; expected one in quotes", "не строка; ожидается строка в кавычках")

DATA_RULES: Final[dict[str, Rule]] = {
    # The object
    "customer.type": Rule(
        "error",
        "not an object; expected one object with the customer's fields",
        "не объект; ожидается объект с полями покупателя",
    ),
    "value.not_literal": Rule(
        "note",
        "known only when the page runs, so it cannot be checked here",
        "станет известно только при работе страницы, поэтому здесь не проверить",
    ),
    "value.python": Rule(
        "error",
        "a word of Python, unknown to JavaScript; expected {expected}",
        "слово из Python, неизвестное JavaScript; ожидается {expected}",
    ),
    "value.placeholder": Rule(
        "error",
        "a placeholder from the documentation; expected the customer's own value",
        "образец из документации; ожидается значение покупателя",
    ),
    "value.empty": Rule(
        "warning", "empty; expected a value, or no such key", "пусто; укажите значение или уберите ключ"
    ),
    "field.unknown": Rule("error"),
    "field.twice": Rule("error"),
    "customer_id.missing": Rule("error"),
    "customer_id.type": _QUOTES_MISSING,
    "customer_id.blank": Rule("error"),
    "customer_id.control": Rule("error"),
    "customer_id.placeholder": Rule("warning"),
    "customer_id.space": Rule("warning"),
    "email.type": _QUOTES_MISSING,
    "email.shape": Rule("error"),
    "email.too_long": Rule("error"),
    "email.placeholder": Rule("warning"),
    "email.mixed_scripts": Rule("warning"),
    "phone.type": _QUOTES_MISSING,
    "phone.shape": Rule("error"),
    "phone.too_short": Rule("error"),
    "phone.too_long": Rule("error"),
    "phone.placeholder": Rule("warning"),
    "custom_data.type": Rule(
        "error", "not an object; expected an object of strings", "не объект; ожидается объект из строк"
    ),
    "custom_data.key_blank": Rule("error"),
    "custom_data.key_proto": Rule("error"),
    "custom_data.key_unsafe": Rule("warning"),
    "custom_data.value_type": _QUOTES_MISSING,
    "stock_id.type": _QUOTES_MISSING,
    "stock_id.too_long": Rule("error"),
    "stock_id.control": Rule("error"),
    "stock_id.space": Rule("warning"),
    "soft_links.type": Rule(
        "error", "not an array; expected an array of soft links", "не массив; ожидается массив softLinks"
    ),
    "soft_link.type": Rule(
        "error",
        "not a soft link; expected an object with a name and a value",
        "не элемент softLinks; ожидается объект с именем и значением",
    ),
    "soft_link.half": Rule(
        "error",
        "half of a soft link; expected both {name} and {value}",
        "половина элемента softLinks; ожидаются и {name}, и {value}",
    ),
    "soft_link.mixed_case": Rule(
        "error",
        "two letter cases are mixed; expected {name} and {value}",
        "смешаны два регистра букв; ожидаются {name} и {value}",
    ),
    "soft_link.variant": Rule(
        "error",
        "expected {name} and {value}, as there is no defaultStockId",
        "ожидаются {name} и {value}, так как defaultStockId нет",
    ),
    "soft_link.variant?stock": Rule(
        "error",
        "expected {name} and {value}, as there is a {stock}",
        "ожидаются {name} и {value}, так как есть {stock}",
    ),
    "soft_link.name_type": _QUOTES_MISSING,
    "soft_link.name_blank": Rule("error"),
    "soft_link.value_type": _QUOTES_MISSING,
    "soft_link.value_blank": Rule("error"),
    "soft_link.duplicate": Rule("error"),
    "soft_link.email": Rule("warning"),
    "push.type": Rule(
        "error", "not an object; expected one with a subscription", "не объект; ожидается объект с подпиской"
    ),
    "push.none": Rule("error"),
    "push.many": Rule("error"),
    "push.kind_unknown": Rule("error"),
    "push.field_missing": Rule("error"),
    "push.field_unknown": Rule("error"),
    "push.field_type": Rule("error"),
    "push.field_blank": Rule("error"),
    "push.timestamp_shape": Rule("error"),
    "push.timestamp_offset": Rule("error"),
    "push.timestamp_date": Rule("error"),
    "consent.type": Rule("error"),
    "text.surrogate": Rule("error"),
    # A guest
    "guest.email_missing": Rule(
        "error", "required: the person's e-mail address", "обязательно: адрес электронной почты человека"
    ),
    "guest.consent_missing": Rule(
        "note",
        "not given, so the service takes it for true; expected true or false",
        "не указано, и сервис сочтёт это согласием; ожидается true или false",
    ),
    # The order
    "order.type": Rule(
        "error",
        "not an object; expected one with transaction and items",
        "не объект; ожидается объект с transaction и items",
    ),
    "order.transaction_missing": Rule(
        "error", "required: the number of the order, a string", "обязательно: номер заказа, строка"
    ),
    "order.transaction_type": Rule(
        "warning", "not a string; expected one in quotes", "не строка; ожидается строка в кавычках"
    ),
    "order.transaction_blank": Rule("error", "must not be blank", "не должно быть пустым"),
    "order.transaction_control": Rule(
        "error", "must not contain control characters", "не должно содержать управляющих символов"
    ),
    "order.items_missing": Rule(
        "error",
        "no items, so nothing is sent; expected an array with at least one",
        "нет товаров, и ничего не отправится; ожидается массив хотя бы с одним",
    ),
    "order_item.type": Rule(
        "error", "not an object; expected one with id, qnt and price", "не объект; ожидается объект с id, qnt и price"
    ),
    "order_item.field_unknown": Rule(
        "error", "unknown field; expected {suggestion}", "неизвестное поле; ожидается {suggestion}"
    ),
    "order_item.id_missing": Rule("error", "required: the product's id", "обязательно: id товара"),
    "order_item.id_type": Rule(
        "error",
        "neither a number nor a string, so the whole order is lost; expected the product's id",
        "не число и не строка, из-за этого теряется весь заказ; ожидается id товара",
    ),
    "order_item.id_blank": Rule("error", "must not be blank", "не должно быть пустым"),
    "order_item.id_too_large": Rule(
        "error",
        "larger than JavaScript can count exactly; expected the id in quotes",
        "больше, чем JavaScript считает точно; ожидается id в кавычках",
    ),
    "order_item.quantity_missing": Rule(
        "error", "required: the quantity, a number above zero", "обязательно: количество, число больше нуля"
    ),
    "order_item.quantity_type": Rule(
        "error",
        "not a number; expected one without quotes or spaces",
        "не число; ожидается число без кавычек и пробелов",
    ),
    "order_item.quantity_range": Rule("error", "must be above zero", "должно быть больше нуля"),
    "order_item.price_missing": Rule("error", "required: the price of one piece", "обязательно: цена одной штуки"),
    "order_item.price_type": Rule(
        "error",
        "not a number; expected one with a point, without quotes or spaces",
        "не число; ожидается число с точкой, без кавычек и пробелов",
    ),
    "order_item.price_range": Rule("error", "must be zero or more", "должно быть нулём или больше"),
    "order_item.duplicate": Rule(
        "error",
        "the same id with another price, of which the tracker keeps the last; expected one entry for each id",
        "тот же id с другой ценой, трекер оставит последнюю; ожидается одна запись на товар",
    ),
}
