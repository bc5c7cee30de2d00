"""The rules of what a call is given: the object of a customer, a guest, an order; see `rulebook`."""

from __future__ import annotations

from typing import Final

from rr_snippet.check.rule import Rule

DATA_RULES: Final[dict[str, Rule]] = {
    # The object
    "customer.type": Rule(
        "error", "not an object, one object with the customer's fields expected", "не объект, ожидается объект с полями"
    ),
    "value.not_literal": Rule(
        "note",
        "decided when the page runs, so it cannot be checked here",
        "решается, когда страница работает, поэтому здесь не проверить",
    ),
    "value.python": Rule(
        "error",
        "a word of Python, unknown to JavaScript; {expected} expected",
        "слово из Python, неизвестное JavaScript; ожидается {expected}",
    ),
    "value.placeholder": Rule(
        "error",
        "a placeholder of the documentation, the customer's own value expected",
        "заглушка из документации, ожидается значение покупателя",
    ),
    "value.empty": Rule("warning", "empty, a value or no such key expected", "пусто, ожидается значение или без ключа"),
    "field.unknown": Rule("error"),
    "field.twice": Rule("error"),
    "customer_id.missing": Rule("error"),
    "customer_id.type": Rule("error", "not a string, one in quotes expected", "не строка, ожидается строка в кавычках"),
    "customer_id.blank": Rule("error"),
    "customer_id.control": Rule("error"),
    "customer_id.placeholder": Rule("warning"),
    "customer_id.space": Rule("warning"),
    "email.type": Rule("error", "not a string, one in quotes expected", "не строка, ожидается строка в кавычках"),
    "email.shape": Rule("error"),
    "email.too_long": Rule("error"),
    "email.placeholder": Rule("warning"),
    "email.mixed_scripts": Rule("warning"),
    "phone.type": Rule("error", "not a string, one in quotes expected", "не строка, ожидается строка в кавычках"),
    "phone.shape": Rule("error"),
    "phone.too_short": Rule("error"),
    "phone.too_long": Rule("error"),
    "phone.placeholder": Rule("warning"),
    "custom_data.type": Rule("error", "not an object of strings, one expected", "не объект из строк, ожидается такой"),
    "custom_data.key_blank": Rule("error"),
    "custom_data.key_proto": Rule("error"),
    "custom_data.key_unsafe": Rule("warning"),
    "custom_data.value_type": Rule(
        "error", "not a string, one in quotes expected", "не строка, ожидается строка в кавычках"
    ),
    "stock_id.type": Rule("error", "not a string, one in quotes expected", "не строка, ожидается строка в кавычках"),
    "stock_id.too_long": Rule("error"),
    "stock_id.control": Rule("error"),
    "stock_id.space": Rule("warning"),
    "soft_links.type": Rule(
        "error", "not an array, an array of links expected", "не массив, ожидается массив мягких ссылок"
    ),
    "soft_link.type": Rule(
        "error",
        "no link, an object with a name and a value expected",
        "не ссылка, ожидается объект с именем и значением",
    ),
    "soft_link.half": Rule(
        "error", "half of a link, both {name} and {value} expected", "половина ссылки, ожидаются и {name}, и {value}"
    ),
    "soft_link.mixed_case": Rule(
        "error",
        "two letter cases mixed, {name} and {value} expected",
        "смешаны два регистра букв, ожидаются {name} и {value}",
    ),
    "soft_link.variant": Rule(
        "error",
        "{name} and {value} expected, as there is no defaultStockId",
        "ожидаются {name} и {value}, так как defaultStockId нет",
    ),
    "soft_link.variant?stock": Rule(
        "error",
        "{name} and {value} expected, as there is a {stock}",
        "ожидаются {name} и {value}, так как есть {stock}",
    ),
    "soft_link.name_type": Rule(
        "error", "not a string, one in quotes expected", "не строка, ожидается строка в кавычках"
    ),
    "soft_link.name_blank": Rule("error"),
    "soft_link.value_type": Rule(
        "error", "not a string, one in quotes expected", "не строка, ожидается строка в кавычках"
    ),
    "soft_link.value_blank": Rule("error"),
    "soft_link.duplicate": Rule("error"),
    "soft_link.email": Rule("warning"),
    "push.type": Rule(
        "error", "not an object, one with a subscription expected", "не объект, ожидается объект с подпиской"
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
    "guest.email_missing": Rule("error", "no address, the person's e-mail expected", "нет адреса, ожидается e-mail"),
    "guest.consent_missing": Rule(
        "note",
        "not said, so that the service takes it for true; true or false expected",
        "не указано, и сервис сочтёт согласием; ожидается true или false",
    ),
    # The order
    "order.type": Rule(
        "error",
        "not an object, one with transaction and items expected",
        "не объект, ожидается объект с transaction и items",
    ),
    "order.transaction_missing": Rule(
        "error", "no number of the order, a string expected", "нет номера заказа, ожидается строка"
    ),
    "order.transaction_type": Rule(
        "warning", "not a string, one in quotes expected", "не строка, ожидается строка в кавычках"
    ),
    "order.transaction_blank": Rule(
        "error", "empty, the number of the order expected", "пусто, ожидается номер заказа"
    ),
    "order.transaction_control": Rule(
        "error", "a control character, none expected", "управляющий символ, таких быть не должно"
    ),
    "order.items_missing": Rule(
        "error",
        "no items, so that nothing is sent; an array with at least one expected",
        "нет товаров, и ничего не отправится; ожидается массив хотя бы с одним",
    ),
    "order_item.type": Rule(
        "error",
        "not an object, one with id, qnt and price expected",
        "не объект, ожидается объект с id, qnt и price",
    ),
    "order_item.field_unknown": Rule(
        "error", "no such field, {suggestion} expected", "такого поля нет, ожидается {suggestion}"
    ),
    "order_item.id_missing": Rule("error", "no id of the product, one expected", "нет id товара, ожидается id"),
    "order_item.id_type": Rule(
        "error",
        "neither a number nor a string, which loses the whole order; the product's id expected",
        "не число и не строка, из-за этого теряется весь заказ; ожидается id товара",
    ),
    "order_item.id_blank": Rule("error", "empty, the product's id expected", "пусто, ожидается id товара"),
    "order_item.id_too_large": Rule(
        "error",
        "more than JavaScript can count exactly, the id in quotes expected",
        "больше, чем JavaScript считает точно; ожидается id в кавычках",
    ),
    "order_item.quantity_missing": Rule(
        "error", "no quantity, a number above zero expected", "нет количества, ожидается число больше нуля"
    ),
    "order_item.quantity_type": Rule(
        "error",
        "not a number, one without quotes and blanks expected",
        "не число, ожидается число без кавычек и пробелов",
    ),
    "order_item.quantity_range": Rule(
        "error", "not above zero, a larger number expected", "не больше нуля, ожидается число больше нуля"
    ),
    "order_item.price_missing": Rule(
        "error", "no price, that of one piece expected", "нет цены, ожидается цена одной штуки"
    ),
    "order_item.price_type": Rule(
        "error",
        "not a number, one without quotes and blanks, with a point, expected",
        "не число, ожидается число без кавычек и пробелов, с точкой",
    ),
    "order_item.price_range": Rule(
        "error", "below zero, zero or more expected", "меньше нуля, ожидается ноль или больше"
    ),
    "order_item.duplicate": Rule(
        "error",
        "the same id with another price, of which the tracker keeps the last; one entry for each expected",
        "тот же id с другой ценой, трекер оставит последнюю; ожидается одна запись на товар",
    ),
}
