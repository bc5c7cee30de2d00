"""The table of rules: what the checker can say, how much it matters, and its words in English and Russian.

Where a rule is the same fault that a customer's data can have, it has the same code; its words are those of
`rr_snippet.messages` unless JavaScript makes them untrue, such as "a text or a whole number expected". A code followed
by `?word` is the form used when that word is known. `docs/check-rules.md` has a section for each code.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from rr_snippet.errors import Language
from rr_snippet.messages import message_text

Severity = Literal["error", "warning", "note"]

SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "note")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its severity, and its words if they are its own."""

    severity: Severity
    english: str | None = None
    russian: str | None = None


RULES: Final[dict[str, Rule]] = {
    # How the call is reached
    "queue.outside": Rule(
        "error",
        "called outside of the rrApiOnReady queue, a function pushed to it expected",
        "вызов вне очереди rrApiOnReady, ожидается функция, добавленная в неё",
    ),
    "queue.unclear": Rule(
        "note",
        "in a function that is not seen to be pushed to the rrApiOnReady queue",
        "в функции, которая здесь не добавляется в очередь rrApiOnReady",
    ),
    "queue.bare": Rule(
        "warning",
        'fails unless the main code stands before it, (window["rrApiOnReady"] = window["rrApiOnReady"] || []) expected',
        "не сработает, если основной код не стоит раньше; "
        'ожидается (window["rrApiOnReady"] = window["rrApiOnReady"] || [])',
    ),
    "queue.guarded": Rule(
        "note",
        "passed over where the main code has not run yet, and nothing is sent then; "
        '(window["rrApiOnReady"] = window["rrApiOnReady"] || []) expected',
        "пропускается, если основной код ещё не выполнен, и тогда ничего не отправится; "
        'ожидается (window["rrApiOnReady"] = window["rrApiOnReady"] || [])',
    ),
    "queue.misspelled": Rule(
        "error",
        "nobody reads a queue of this name, {suggestion} expected",
        "очередь с таким именем никто не читает, ожидается {suggestion}",
    ),
    "queue.two_functions": Rule(
        "error",
        "a second function in one push, which the started queue drops; one push for each function expected",
        "вторая функция в одном push: запущенная очередь её отбросит; ожидается отдельный push на каждую",
    ),
    "api.misspelled": Rule(
        "error", "no such object, {suggestion} expected", "такого объекта нет, ожидается {suggestion}"
    ),
    "method.misspelled": Rule(
        "error", "no such method, {suggestion} expected", "такого метода нет, ожидается {suggestion}"
    ),
    "try.missing": Rule(
        "warning",
        "no try with a catch around the call, one expected",
        "вызов не обёрнут в try с catch, ожидается обёртка",
    ),
    "try.in_catch": Rule(
        "error",
        "called in a catch block, so only after a failure; the try block expected",
        "вызов в блоке catch, то есть только после сбоя; ожидается в блоке try",
    ),
    # The page as a whole
    "call.twice": Rule(
        "warning", "a second setCustomer call in this page, one expected", "второй вызов setCustomer на странице"
    ),
    "identity.repeated": Rule(
        "warning",
        "the person is told again by another method in this page, once expected",
        "человек на этой странице передаётся ещё раз другим методом, ожидается один раз",
    ),
    "order.before_identity": Rule(
        "error",
        "order before the call that tells the person, the person first expected",
        "order раньше вызова, который передаёт человека; сначала ожидается человек",
    ),
    "order.person_apart": Rule(
        "warning",
        "order in another callback than the person, both in one expected, the person first",
        "заказ в другой функции очереди, чем человек; ожидаются вместе, сначала человек",
    ),
    "loader.beside_block": Rule(
        "warning",
        "the loader beside a block, which sends the person twice; one of them expected",
        "загрузчик рядом с блоком отправит человека дважды, ожидается что-то одно",
    ),
    "loader.order": Rule(
        "warning",
        "only the loader on the page of an order, which it may reach too late; the person before the order expected",
        "на странице заказа только загрузчик, он может не успеть; ожидается человек перед заказом",
    ),
    "tracking.twice": Rule(
        "error",
        "the main tracking code again, which wipes the loaded tracker; once a page expected",
        "основной трекинг-код повторён и стирает загруженный трекер, ожидается один раз на страницу",
    ),
    "handler.inline": Rule(
        "warning",
        "called in an inline event handler, a script expected",
        "вызов в атрибуте-обработчике события, ожидается скрипт",
    ),
    "console.personal_data": Rule(
        "warning",
        "personal data written to the console, none expected",
        "персональные данные выводятся в консоль",
    ),
    "page.eof_in_script": Rule("error"),
    "page.too_deep": Rule("warning"),
    # The script as text
    "script.syntax": Rule(
        "error",
        "a syntax error, so that the browser runs nothing of this script",
        "синтаксическая ошибка, браузер не выполнит ничего из этого скрипта",
    ),
    "script.unread": Rule(
        "note",
        "not checked: tags of a template language that is not known here",
        "не проверено: теги неизвестного здесь языка шаблонов",
    ),
    "script.closed_in_string": Rule(
        "error",
        r"</script> inside a string ends the script for the browser, \u003c/script> expected",
        r"</script> внутри строки завершает скрипт для браузера, ожидается \u003c/script>",
    ),
    "html.escaped_quotes": Rule(
        "error",
        "text escaped for HTML in a script, where it stays as it is; escaping for JavaScript expected",
        "текст экранирован для HTML, в скрипте он таким и останется; ожидается экранирование для JavaScript",
    ),
    # Templates
    "template.unescaped": Rule(
        "error",
        "printed into a string without escaping for JavaScript, a filter for it expected",
        "выводится в строку без экранирования для JavaScript, ожидается соответствующий фильтр",
    ),
    "template.quoted_json": Rule(
        "error",
        "a JSON filter inside of quotes, which writes its own; no quotes around it expected",
        "фильтр JSON внутри кавычек ставит свои кавычки, внешних быть не должно",
    ),
    "template.bare_value": Rule(
        "warning",
        "printed as JavaScript as it is, a JSON filter expected",
        "выводится в JavaScript как есть, ожидается фильтр JSON",
    ),
    "template.unrendered": Rule(
        "error",
        "a template expression that was not rendered, a value expected",
        "выражение шаблона осталось невычисленным, ожидается значение",
    ),
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
    # Comments to the checker
    "ignore.unknown": Rule(
        "warning",
        "no rule is named that could be ignored, codes expected",
        "нет названия правила, ожидаются коды",
    ),
    "ignore.unused": Rule(
        "warning",
        "nothing of this kind is found here, no comment expected",
        "здесь ничего такого не найдено, комментарий не нужен",
    ),
}

CODES: Final = frozenset(form.partition("?")[0] for form in RULES)


def rule_text(code: str, language: Language, details: Mapping[str, str | int]) -> str:
    """Return what the rule `code` says in `language`, with `details` put into its places."""
    form = next((f"{code}?{word}" for word in details if f"{code}?{word}" in RULES), code)
    rule = RULES[form]
    if rule.english is None or rule.russian is None:
        return message_text(code, language, details)
    return (rule.english if language == "en" else rule.russian).format_map(details)


def rule_title(code: str, language: Language) -> str:
    """Return what a rule says where nothing is known of the place."""
    return rule_text(code, language, defaultdict(lambda: "…"))


def is_chosen(code: str, chosen: Collection[str]) -> bool:
    """Tell whether `code` is named in `chosen`, by itself or by its subject: `queue` names all of `queue.*`."""
    return code in chosen or code.partition(".")[0] in chosen
