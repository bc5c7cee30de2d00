"""The table of rules: each code, its severity, and its words in English and Russian.

A fault that a customer's data can have as well has the same code here. Its words are those of `rr_snippet.messages`,
unless JavaScript makes them untrue. A code with `?word` is the form for a known word. `docs/reference/check-rules.md`
has a section for each code.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Final

from rr_snippet.check.data_rules import DATA_RULES
from rr_snippet.check.rule import Rule
from rr_snippet.errors import Language
from rr_snippet.messages import message_text

_CALL_RULES: Final[dict[str, Rule]] = {
    # How the call is reached
    "queue.outside": Rule(
        "error",
        "called outside the rrApiOnReady queue; expected inside a function pushed to it",
        "вызов вне очереди rrApiOnReady; ожидается внутри функции, добавленной в неё",
    ),
    "queue.unclear": Rule(
        "note",
        "in a function that this page does not push to the rrApiOnReady queue",
        "в функции, которую эта страница не добавляет в очередь rrApiOnReady",
    ),
    "queue.bare": Rule(
        "warning",
        'fails unless the main code comes before it; expected (window["rrApiOnReady"] = window["rrApiOnReady"] || [])',
        "не сработает, если основной код не стоит раньше; "
        'ожидается (window["rrApiOnReady"] = window["rrApiOnReady"] || [])',
    ),
    "queue.guarded": Rule(
        "note",
        "skipped if the main code has not run yet, and then nothing is sent; "
        'expected (window["rrApiOnReady"] = window["rrApiOnReady"] || [])',
        "пропускается, если основной код ещё не выполнен, и тогда ничего не отправится; "
        'ожидается (window["rrApiOnReady"] = window["rrApiOnReady"] || [])',
    ),
    "queue.misspelled": Rule(
        "error",
        "nothing reads a queue of this name; expected {suggestion}",
        "очередь с таким именем никто не читает; ожидается {suggestion}",
    ),
    "queue.two_functions": Rule(
        "error",
        "a second function in one push, which the started queue drops; expected a push for each function",
        "вторая функция в одном push: запущенная очередь её отбросит; ожидается отдельный push на каждую",
    ),
    "api.misspelled": Rule(
        "error", "unknown object; expected {suggestion}", "неизвестный объект; ожидается {suggestion}"
    ),
    "method.misspelled": Rule(
        "error", "unknown method; expected {suggestion}", "неизвестный метод; ожидается {suggestion}"
    ),
    "try.missing": Rule(
        "warning",
        "the call is not inside a try with a catch; expected it there",
        "вызов не обёрнут в try с catch; ожидается обёртка",
    ),
    "try.in_catch": Rule(
        "error",
        "called in a catch block, so only after a failure; expected in the try block",
        "вызов в блоке catch, то есть только после сбоя; ожидается в блоке try",
    ),
    # The page as a whole
    "call.twice": Rule(
        "warning",
        "a second setCustomer call on this page; expected one",
        "второй вызов setCustomer на странице; ожидается один",
    ),
    "identity.repeated": Rule(
        "warning",
        "another method on this page has already identified the person; expected once",
        "другой метод на этой странице уже передал этого человека; ожидается один раз",
    ),
    "order.before_identity": Rule(
        "error",
        "order is called before the person is identified; expected the person first",
        "order вызван раньше, чем передан человек; ожидается сначала человек",
    ),
    "order.person_apart": Rule(
        "warning",
        "order and the person are in different callbacks; expected both in one, the person first",
        "order и человек в разных функциях очереди; ожидаются вместе, сначала человек",
    ),
    "loader.beside_block": Rule(
        "warning",
        "the loader beside a block sends the person twice; expected only one of them",
        "загрузчик рядом с блоком отправит человека дважды; ожидается что-то одно",
    ),
    "loader.order": Rule(
        "warning",
        "this order page has only the loader, which may send the person too late; expected the person before the order",
        "на странице заказа только загрузчик, он может не успеть; ожидается человек перед заказом",
    ),
    "tracking.twice": Rule(
        "error",
        "a second main tracking code, which wipes the loaded tracker; expected one on a page",
        "основной трекинг-код повторён и стирает загруженный трекер; ожидается один раз на страницу",
    ),
    "handler.inline": Rule(
        "warning",
        "called in an inline event handler; expected in a script",
        "вызов в атрибуте-обработчике события; ожидается в скрипте",
    ),
    "console.personal_data": Rule(
        "warning", "writes personal data to the console", "выводит персональные данные в консоль"
    ),
    "page.eof_in_script": Rule("error"),
    "page.too_deep": Rule("warning"),
    # The script as text
    "script.syntax": Rule(
        "error",
        "a syntax error: the browser runs nothing of this script",
        "синтаксическая ошибка: браузер не выполнит ничего из этого скрипта",
    ),
    "script.unread": Rule(
        "note",
        "not checked: contains tags of an unknown template language",
        "не проверено: теги неизвестного языка шаблонов",
    ),
    "script.closed_in_string": Rule(
        "error",
        r"</script> inside a string ends the script for the browser; expected \u003c/script>",
        r"</script> внутри строки завершает скрипт для браузера; ожидается \u003c/script>",
    ),
    "html.escaped_quotes": Rule(
        "error",
        "escaped for HTML inside a script, where it stays as it is; expected escaping for JavaScript",
        "экранировано для HTML, в скрипте так и останется; ожидается экранирование для JavaScript",
    ),
    # Templates
    "template.unescaped": Rule(
        "error",
        "printed into a string without escaping for JavaScript; expected a filter that does it",
        "выводится в строку без экранирования для JavaScript; ожидается соответствующий фильтр",
    ),
    "template.quoted_json": Rule(
        "error",
        "a JSON filter inside quotes writes quotes of its own; expected no quotes around it",
        "фильтр JSON внутри кавычек ставит свои кавычки; внешних быть не должно",
    ),
    "template.bare_value": Rule(
        "warning",
        "printed into JavaScript as it is; expected a JSON filter",
        "выводится в JavaScript как есть; ожидается фильтр JSON",
    ),
    "template.unrendered": Rule(
        "error",
        "a template expression that was not rendered; expected a value",
        "выражение шаблона осталось невычисленным; ожидается значение",
    ),
}

_COMMENT_RULES: Final[dict[str, Rule]] = {
    "ignore.unknown": Rule(
        "warning",
        "names no rule that could be ignored; expected codes",
        "не указано, какое правило пропустить; ожидаются коды",
    ),
    "ignore.unused": Rule(
        "warning",
        "nothing of this kind is found here; expected no such comment",
        "здесь ничего такого не найдено; комментарий не нужен",
    ),
}

# In the order of documents and reports.
RULES: Final = {**_CALL_RULES, **DATA_RULES, **_COMMENT_RULES}

CODES: Final = frozenset(form.partition("?")[0] for form in RULES)


def rule_text(code: str, language: Language, details: Mapping[str, str | int]) -> str:
    """Return the words of the rule `code` in `language`, with `details` filled in."""
    form = next((f"{code}?{word}" for word in details if f"{code}?{word}" in RULES), code)
    rule = RULES[form]
    if rule.english is None or rule.russian is None:
        return message_text(code, language, details)
    return (rule.english if language == "en" else rule.russian).format_map(details)


def rule_title(code: str, language: Language) -> str:
    """Return the words of a rule without any details."""
    return rule_text(code, language, defaultdict(lambda: "…"))


def is_chosen(code: str, chosen: Collection[str]) -> bool:
    """Return whether `chosen` names `code` itself or its subject: `queue` means all of `queue.*`."""
    return code in chosen or code.partition(".")[0] in chosen
