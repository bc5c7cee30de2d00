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
}

_COMMENT_RULES: Final[dict[str, Rule]] = {
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
