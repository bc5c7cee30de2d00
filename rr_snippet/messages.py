"""What each code says to people, in English and in Russian; and where the documentation explains it.

A message says what is wrong, then what is right: lower case, no final stop, no value. The words in braces are numbers
or names of our own vocabulary. A code followed by `?word` is the form used when that word is known.
"""

from __future__ import annotations

import errno
import os
from collections import ChainMap
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final, cast

_INDEX: Final = {"en": 0, "ru": 1}

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    # The customer as a whole
    "customer.type": (
        "not customer data; expected a mapping of field names to values",
        "не данные покупателя; ожидается словарь «поле — значение»",
    ),
    "customer.type?error": (
        "customer data cannot be of type {error}; expected a mapping of field names to values",
        "данные покупателя не могут иметь тип {error}; ожидается словарь «поле — значение»",
    ),
    "customer.json": ("not valid JSON; expected one JSON object", "некорректный JSON; ожидается один объект JSON"),
    "customer.json?line": (
        "not valid JSON at line {line}, column {column}; expected one JSON object",
        "некорректный JSON, строка {line}, столбец {column}; ожидается один объект JSON",
    ),
    "customer.json?bare_name": (
        "not valid JSON at line {line}, column {column}: field names must be in double quotes",
        "некорректный JSON, строка {line}, столбец {column}: имя поля должно быть в двойных кавычках",
    ),
    "customer.json?bare_text": (
        "not valid JSON at line {line}, column {column}: strings must be in double quotes",
        "некорректный JSON, строка {line}, столбец {column}: строка должна быть в двойных кавычках",
    ),
    "customer.json?call": (
        "a script, not JSON; expected one JSON object, the one in the brackets of setCustomer",
        "скрипт, а не JSON; ожидается один объект JSON, тот, что в скобках setCustomer",
    ),
    "customer.json?comment": (
        "not valid JSON at line {line}, column {column}: JSON has no comments",
        "некорректный JSON, строка {line}, столбец {column}: в JSON нет комментариев",
    ),
    "customer.json?control": (
        "not valid JSON at line {line}, column {column}: a line break or a tab inside a string; write \\n or \\t",
        "некорректный JSON, строка {line}, столбец {column}: перенос строки или табуляция внутри строки; "
        "нужно \\n или \\t",
    ),
    "customer.json?curly_quotes": (
        'not valid JSON at line {line}, column {column}: typographic quotes; use straight ones: "',
        'некорректный JSON, строка {line}, столбец {column}: типографские кавычки; нужны прямые: "',
    ),
    "customer.json?cut_off": (
        "not valid JSON: ends too early, at line {line}, column {column}; a closing bracket is missing",
        "некорректный JSON: обрывается, строка {line}, столбец {column}; не хватает закрывающей скобки",
    ),
    "customer.json?empty": ("empty; expected one JSON object", "пусто; ожидается один объект JSON"),
    "customer.json?escape": (
        "not valid JSON at line {line}, column {column}: unknown escape; write \\\\ for a backslash",
        "некорректный JSON, строка {line}, столбец {column}: неизвестная escape-последовательность; "
        "обратная косая черта пишется как \\\\",
    ),
    "customer.json?missing_comma": (
        "not valid JSON at line {line}, column {column}: a comma or a colon is missing before this",
        "некорректный JSON, строка {line}, столбец {column}: перед этим местом не хватает запятой или двоеточия",
    ),
    "customer.json?more": (
        "not valid JSON at line {line}, column {column}: something follows the object; expected one JSON object",
        "некорректный JSON, строка {line}, столбец {column}: после объекта есть что-то ещё; ожидается один объект JSON",
    ),
    "customer.json?number": (
        "not valid JSON at line {line}, column {column}: not a number; put ids and phones in double quotes",
        "некорректный JSON, строка {line}, столбец {column}: не число; "
        "идентификаторы и телефоны пишутся в двойных кавычках",
    ),
    "customer.json?open_text": (
        "not valid JSON at line {line}, column {column}: this string has no closing quote",
        "некорректный JSON, строка {line}, столбец {column}: у этой строки нет закрывающей кавычки",
    ),
    "customer.json?python_word": (
        "not valid JSON at line {line}, column {column}: a word of Python; JSON has true, false and null",
        "некорректный JSON, строка {line}, столбец {column}: слово из Python; в JSON есть true, false и null",
    ),
    "customer.json?script_word": (
        "not valid JSON at line {line}, column {column}: a word of JavaScript; JSON has true, false and null",
        "некорректный JSON, строка {line}, столбец {column}: слово из JavaScript; в JSON есть true, false и null",
    ),
    "customer.json?single_quotes": (
        'not valid JSON at line {line}, column {column}: expected double quotes: "',
        'некорректный JSON, строка {line}, столбец {column}: нужны двойные кавычки: "',
    ),
    "customer.json?table": (
        "looks like a table (CSV), not JSON; expected one JSON object",
        "похоже на таблицу (CSV), а не на JSON; ожидается один объект JSON",
    ),
    "customer.json?trailing_comma": (
        "not valid JSON at line {line}, column {column}: a comma with nothing after it",
        "некорректный JSON, строка {line}, столбец {column}: запятая, после которой ничего нет",
    ),
    "customer.frozen": (
        "cannot be changed; use model_copy(update=...)",
        "изменить нельзя; используйте model_copy(update=...)",
    ),
    "customer.more": (
        "further problems, not listed: {count}",
        "ещё проблем, не показанных здесь: {count}",
    ),
    "customer.encoding": (
        "not {encoding} text; specify the right encoding",
        "текст не в кодировке {encoding}; укажите верную",
    ),
    "customer.encoding?count": (
        "not {encoding} text, number of records: {count}; specify the right encoding with --encoding",
        "текст не в кодировке {encoding}, записей: {count}; укажите верную с помощью --encoding",
    ),
    "customer.encoding?guess": (
        "not {encoding} text, but readable as {guess}; use --encoding {guess}",
        "текст не в кодировке {encoding}, но читается как {guess}; используйте --encoding {guess}",
    ),
    "customer.csv": ("the CSV row cannot be read", "строку CSV не удалось прочитать"),
    "customer.csv?lines": (
        "the CSV row cannot be read: a quotation mark in it swallows {lines} lines",
        "строку CSV не удалось прочитать: кавычка в ней поглощает строк: {lines}",
    ),
    "customer.too_long": (
        "the record is too long; at most {limit} characters allowed",
        "запись слишком длинная; допускается не больше {limit} символов",
    ),
    "field.unknown": ("unknown field", "неизвестное поле"),
    "field.unknown?suggestion": (
        "unknown field; did you mean {suggestion}?",
        "неизвестное поле; возможно, имелось в виду {suggestion}",
    ),
    "field.refused": ("refused by one of the shop's own rules", "отклонено собственным правилом магазина"),
    "field.twice": ("given twice; expected one value", "указано дважды; ожидается одно значение"),
    "field.twice?columns": (
        "given twice, in the columns {columns}; expected one of them",
        "указано дважды, в столбцах {columns}; ожидается один из них",
    ),
    # customerId
    "customer_id.missing": ("required: the customer's unique id", "обязательно: уникальный идентификатор покупателя"),
    "customer_id.type": (
        "not an id; expected a string, a whole number of at most {limit} digits or a UUID",
        "не идентификатор; ожидается строка, целое число не длиннее {limit} цифр или UUID",
    ),
    "customer_id.blank": ("must not be blank", "не должно быть пустым"),
    "customer_id.control": ("must not contain control characters", "не должно содержать управляющих символов"),
    # email
    "email.type": ("not a string; expected an e-mail address", "не строка; ожидается адрес электронной почты"),
    "email.shape": (
        "not an e-mail address; expected something like name@shop.ru",
        "не адрес электронной почты; ожидается адрес вида name@shop.ru",
    ),
    "email.shape?scheme": (
        "starts with {scheme}; expected the address alone",
        "начинается с {scheme}; ожидается только адрес",
    ),
    "email.shape?no_at": (
        "has no @; expected something like name@shop.ru",
        "нет знака @; ожидается адрес вида name@shop.ru",
    ),
    "email.shape?display_name": (
        "a name with the address in angle brackets; expected the address alone",
        "имя и адрес в угловых скобках; ожидается только адрес",
    ),
    "email.shape?two": ("two addresses; expected one", "два адреса; ожидается один"),
    "email.shape?comma": (
        "a comma in place of a dot; expected something like name@shop.ru",
        "запятая вместо точки; ожидается адрес вида name@shop.ru",
    ),
    "email.shape?digits": (
        "contains digits of another script; expected something like name@shop.ru",
        "содержит цифры другой письменности; ожидается адрес вида name@shop.ru",
    ),
    "email.shape?char": (
        "character {place} is {char}; expected something like name@shop.ru",
        "символ № {place} — {char}; ожидается адрес вида name@shop.ru",
    ),
    "email.too_long": (
        "{count} characters; at most {limit} allowed",
        "символов: {count}; допускается не больше {limit}",
    ),
    # phone
    "phone.type": (
        "not a string or a PhoneNumber; expected the number in quotes",
        "не строка и не PhoneNumber; ожидается номер в кавычках",
    ),
    "phone.shape": (
        "not a phone number in a documented form; expected something like +7 (111) 222-33-44",
        "не телефон в одном из описанных видов; ожидается номер вида +7 (111) 222-33-44",
    ),
    "phone.shape?scheme": (
        "starts with {scheme}; expected the number alone",
        "начинается с {scheme}; ожидается только номер",
    ),
    "phone.shape?scientific": (
        "a spreadsheet's scientific notation, which loses digits; export the column as text",
        "экспоненциальная запись из таблицы, часть цифр потеряна; выгрузите столбец как текст",
    ),
    "phone.shape?decimal": (
        "a spreadsheet's decimal number; export the column as text",
        "дробное число из таблицы; выгрузите столбец как текст",
    ),
    "phone.shape?two": ("two numbers; expected one", "два номера; ожидается один"),
    "phone.shape?extension": (
        "ends with an extension; expected the number alone",
        "указан добавочный номер; ожидается только основной",
    ),
    "phone.shape?letters": (
        "contains letters; expected something like +7 (111) 222-33-44",
        "содержит буквы; ожидается номер вида +7 (111) 222-33-44",
    ),
    "phone.shape?digits": (
        "contains digits of another script; expected something like +7 (111) 222-33-44",
        "содержит цифры другой письменности; ожидается номер вида +7 (111) 222-33-44",
    ),
    "phone.shape?char": (
        "character {place} is {char}; expected something like +7 (111) 222-33-44",
        "символ № {place} — {char}; ожидается номер вида +7 (111) 222-33-44",
    ),
    "phone.too_short": ("{count} digits; expected at least {limit}", "цифр: {count}; ожидается не меньше {limit}"),
    "phone.too_long": ("{count} digits; at most {limit} allowed", "цифр: {count}; допускается не больше {limit}"),
    "phone.region_needed": (
        "the country is unknown; expected a country code in the number, or phone_region",
        "страна неизвестна; ожидается код страны в номере или параметр phone_region",
    ),
    "phone.impossible": (
        "no such number can exist; expected a possible one",
        "такого номера не может быть; ожидается возможный",
    ),
    "phone.not_valid": (
        "not in any number range of its country; expected a valid number",
        "не входит в номерную ёмкость страны; ожидается действительный номер",
    ),
    # customData
    "custom_data.type": (
        "not a mapping; expected a mapping of strings to strings",
        "не словарь; ожидается словарь «строка — строка»",
    ),
    "custom_data.key_type": ("the key must be a string", "ключ должен быть строкой"),
    "custom_data.key_blank": ("the key must not be blank", "ключ не должен быть пустым"),
    "custom_data.key_proto": (
        "the key is __proto__, which JavaScript silently drops; expected another key",
        "ключ __proto__, JavaScript молча его отбрасывает; ожидается другой ключ",
    ),
    "custom_data.value_type": ("must be a string", "должно быть строкой"),
    # defaultStockId
    "stock_id.type": (
        "not an id; expected a string, a whole number or a UUID",
        "не идентификатор; ожидается строка, целое число или UUID",
    ),
    "stock_id.too_long": (
        "{count} characters; at most {limit} allowed",
        "символов: {count}; допускается не больше {limit}",
    ),
    "stock_id.control": ("must not contain control characters", "не должно содержать управляющих символов"),
    # softLinks
    "soft_links.type": (
        "not soft links; expected a mapping of names to values or a list of links",
        "не список softLinks; ожидается словарь «имя — значение» или список пар",
    ),
    "soft_link.type": (
        "not a soft link; expected a name and a value",
        "не элемент softLinks; ожидается пара из имени и значения",
    ),
    "soft_link.name_type": ("must be a string", "должно быть строкой"),
    "soft_link.name_blank": ("must not be blank", "не должно быть пустым"),
    "soft_link.value_type": (
        "not a soft link's value; expected a string or a whole number of at most {limit} digits",
        "не значение softLinks; ожидается строка или целое число не длиннее {limit} цифр",
    ),
    "soft_link.value_blank": ("must not be blank", "не должно быть пустым"),
    "soft_link.duplicate": ("duplicate name", "имя повторяется"),
    # mobilePushSubscription
    "push.type": (
        "not a push subscription; expected one of the three models or an object with one of the three kinds",
        "не push-подписка; ожидается одна из трёх моделей или объект с одним из трёх видов",
    ),
    "push.none": (
        "no subscription; expected exactly one of the three kinds",
        "нет ни одной подписки; ожидается ровно один из трёх видов",
    ),
    "push.many": ("{count} subscriptions; expected exactly one", "подписок: {count}; ожидается ровно одна"),
    "push.kind_unknown": (
        "unknown kind; expected fcmSubscription, apnsSubscription or huaweiSubscription",
        "неизвестный вид; ожидается fcmSubscription, apnsSubscription или huaweiSubscription",
    ),
    "push.field_missing": ("required", "обязательно"),
    "push.field_unknown": ("unknown field of this kind of subscription", "неизвестное поле для этого вида подписки"),
    "push.field_unknown?suggestion": (
        "unknown field of this kind of subscription; did you mean {suggestion}?",
        "неизвестное поле для этого вида подписки; возможно, имелось в виду {suggestion}",
    ),
    "push.field_type": ("wrong type; expected {expected}", "неверный тип; ожидается {expected}"),
    "push.field_blank": ("must not be blank", "не должно быть пустым"),
    "push.timestamp_shape": (
        "not an RFC 3339 time with at most seven fraction digits; "
        "expected something like 2025-03-31T11:03:02.3564674+03:00",
        "не время по RFC 3339 (не больше семи знаков дробной части); ожидается вид 2025-03-31T11:03:02.3564674+03:00",
    ),
    "push.timestamp_offset": (
        "no offset from UTC in whole minutes; expected Z or something like +03:00",
        "нет смещения от UTC в целых минутах; ожидается Z или вид +03:00",
    ),
    "push.timestamp_date": (
        "no such date or time of day; expected a real one",
        "таких даты или времени суток нет; ожидаются настоящие",
    ),
    # isAgreedToReceiveMarketingMail
    "consent.type": (
        "not a boolean; expected true or false without quotes",
        "не булево значение; ожидается true или false без кавычек",
    ),
    "consent.type?option": (
        "neither true nor false; {option} defines other words for them",
        "не true и не false; {option} задаёт другие слова для них",
    ),
    "consent.missing": ("required by this shop: true or false", "магазин требует указать true или false"),
    # Guests and orders
    "guest.type": (
        "not guest data; expected a mapping of field names to values",
        "не данные гостя; ожидается словарь «поле — значение»",
    ),
    "guest.email_missing": ("required: the guest's e-mail address", "обязательно: адрес электронной почты гостя"),
    "guest.consent_missing": (
        "required: true or false; a guest's consent is never assumed",
        "обязательно: true или false; согласие гостя не подразумевается",
    ),
    "order.type": (
        "not an order; expected a mapping of field names to values",
        "не заказ; ожидается словарь «поле — значение»",
    ),
    "order.transaction_missing": ("required: the order's number", "обязательно: номер заказа"),
    "order.transaction_type": (
        "not an order number; expected a string or a whole number of at most {limit} digits",
        "не номер заказа; ожидается строка или целое число не длиннее {limit} цифр",
    ),
    "order.transaction_blank": ("must not be blank", "не должно быть пустым"),
    "order.transaction_control": (
        "must not contain control characters",
        "не должно содержать управляющих символов",
    ),
    "order.items_missing": ("required: a list of at least one item", "обязательно: список хотя бы из одного товара"),
    "order_item.type": (
        "not an item; expected a mapping with id, qnt and price",
        "не товар; ожидается словарь с полями id, qnt и price",
    ),
    "order_item.field_unknown": ("unknown field of an item", "неизвестное поле товара"),
    "order_item.field_unknown?suggestion": (
        "unknown field of an item; did you mean {suggestion}?",
        "неизвестное поле товара; возможно, имелось в виду {suggestion}",
    ),
    "order_item.id_missing": (
        "required: the product's id in the feed",
        "обязательно: идентификатор товара в товарной базе",
    ),
    "order_item.id_type": ("must be a string or a whole number", "должно быть строкой или целым числом"),
    "order_item.id_type?proto": (
        "{proto} cannot be an id: JavaScript gives this name a meaning of its own",
        "{proto} не может быть идентификатором: у этого имени в JavaScript особый смысл",
    ),
    "order_item.id_blank": ("must not be blank", "не должно быть пустым"),
    "order_item.id_too_large": (
        "too large for JavaScript, which counts exactly up to {limit}; send it as a string",
        "слишком велико: JavaScript считает точно до {limit}; передайте строкой",
    ),
    "order_item.quantity_missing": ("required: how many were bought", "обязательно: сколько куплено"),
    "order_item.quantity_type": (
        "must be a whole number or a Decimal, not a string or a float",
        "должно быть целым числом или Decimal, не строкой и не float",
    ),
    "order_item.quantity_range": ("must be a finite number above 0", "должно быть конечным числом больше 0"),
    "order_item.quantity_range?limit": (
        "more digits than JavaScript keeps; at most {limit} allowed, so round it",
        "цифр больше, чем хранит JavaScript; допускается не больше {limit}, округлите число",
    ),
    "order_item.price_missing": ("required: the price of one piece", "обязательно: цена одной штуки"),
    "order_item.price_type": (
        "must be a number, not a string: the tracker would read 1 from 1 200,50",
        "должно быть числом, а не строкой: из 1 200,50 трекер прочёл бы 1",
    ),
    "order_item.price_range": ("must be a finite number, 0 or above", "должно быть конечным числом не меньше 0"),
    "order_item.price_range?limit": (
        "more digits than JavaScript keeps; at most {limit} allowed, so round it",
        "цифр больше, чем хранит JavaScript; допускается не больше {limit}, округлите число",
    ),
    "order_item.duplicate": (
        "the same id with another price; the tracker merges the two and keeps the last price",
        "тот же id с другой ценой; трекер объединит товары и оставит последнюю цену",
    ),
    # Text, size, variant and nonce
    "text.surrogate": (
        "contains half of a surrogate pair; expected whole characters",
        "содержит половину суррогатной пары; ожидаются целые символы",
    ),
    "payload.too_large": (
        "{count} characters; at most {limit} allowed",
        "символов: {count}; допускается не больше {limit}",
    ),
    "payload.leaf": (
        "not of the right type; expected a value that has been validated",
        "тип не подходит; ожидается значение, прошедшее проверку",
    ),
    "variant.stock_missing": ("required by the region variant", "обязательно для варианта с регионами"),
    "variant.stock_unexpected": (
        "given, but the no-region variant has no place for it",
        "указано, но в варианте без регионов ему нет места",
    ),
    "nonce.shape": (
        "not a CSP nonce; expected base64 characters with at most two = at the end",
        "не CSP nonce; ожидаются символы base64 и не больше двух = в конце",
    ),
    # Pages
    "page.type": ("not a page; expected bytes or a string", "не страница; ожидаются байты или строка"),
    "page.fragment": ("a piece of a page; expected a whole document", "фрагмент страницы; ожидается целый документ"),
    "page.frameset": (
        "a frameset page, which has no body to run scripts; expected an ordinary page",
        "страница с frameset, где нет тела для скрипта; ожидается обычная страница",
    ),
    "page.plaintext": (
        "contains a plaintext element, after which nothing is markup; expected a page without it",
        "содержит элемент plaintext, после которого нет разметки; ожидается страница без него",
    ),
    "page.amp": (
        "an AMP page, which does not allow such a script; expected an ordinary page",
        "страница AMP, где такой скрипт запрещён; ожидается обычная страница",
    ),
    "page.eof_in_comment": (
        "ends inside a comment; expected a whole page",
        "обрывается внутри комментария; ожидается целая страница",
    ),
    "page.eof_in_script": (
        "ends inside a script; expected a whole page",
        "обрывается внутри скрипта; ожидается целая страница",
    ),
    "page.eof_in_doctype": (
        "ends inside a doctype; expected a whole page",
        "обрывается внутри doctype; ожидается целая страница",
    ),
    "page.eof_in_cdata": (
        "ends inside a CDATA section; expected a whole page",
        "обрывается внутри секции CDATA; ожидается целая страница",
    ),
    **{
        f"page.eof_in_{name}": (
            f"ends inside {article} {name} element; expected a whole page",
            f"обрывается внутри элемента {name}; ожидается целая страница",
        )
        for article, name in (
            *(("a", name) for name in ("style", "title", "textarea", "xmp")),
            ("an", "iframe"),
            *(("a", name) for name in ("noembed", "noframes", "noscript")),
        )
    },
    "page.eof_in_tag": ("ends inside a tag; expected a whole page", "обрывается внутри тега; ожидается целая страница"),
    "page.unclosed_template": ("a template element is never closed", "элемент template не закрыт"),
    "page.unclosed_foreign": ("an svg or math element is never closed", "элемент svg или math не закрыт"),
    "page.too_deep": (
        "elements are nested too deeply; at most {limit} levels allowed",
        "слишком глубокая вложенность элементов; допускается не больше {limit} уровней",
    ),
    "page.ambiguous_select": (
        "contains markup inside a select that browsers read differently",
        "содержит внутри select разметку, которую браузеры читают по-разному",
    ),
    "page.encoding": (
        "the snippet cannot be written in the page's encoding; expected an ASCII-compatible one or UTF-16 with a BOM",
        "сниппет нельзя записать в кодировке страницы; ожидается совместимая с ASCII или UTF-16 с BOM",
    ),
    "page.compressed": (
        "compressed before the snippet could be inserted; expected this middleware inside the compressing one",
        "сжата раньше, чем в неё вставлен сниппет; это middleware должно стоять внутри сжимающего",
    ),
    "page.already": ("already contains a setCustomer call", "уже содержит вызов setCustomer"),
    "page.foreign_call": (
        "contains a setCustomer call that this library did not write; remove it by hand first",
        "содержит вызов setCustomer, написанный не этой библиотекой; сначала удалите его вручную",
    ),
    "block.not_ours": ("not a block written by this library", "не блок, написанный этой библиотекой"),
    # Inputs and outputs
    "source.unreadable": ("cannot be read: {reason}", "не удалось прочитать: {reason}"),
    "column.type": (
        "a column of {found}; expected {expected}, so cast it: {cast}",
        "столбец типа {found}; ожидается {expected}, приведите тип: {cast}",
    ),
    "column.unknown": (
        "column {column} matches no field; --map assigns it to one, or leaves it out",
        "столбец {column} не соответствует ни одному полю; --map укажет поле или пропустит столбец",
    ),
    "column.unknown?suggestion": (
        "column {column} matches no field; did you mean {suggestion}? --map assigns it to a field, or leaves it out",
        "столбец {column} не соответствует ни одному полю; возможно, имелось в виду {suggestion}; "
        "--map укажет поле или пропустит столбец",
    ),
    "column.missing": (
        "{column} is mapped, but there is no such column",
        "{column} сопоставлен, но такого столбца нет",
    ),
    "column.missing?suggestion": (
        "{column} is mapped, but there is no such column; did you mean {suggestion}?",
        "{column} сопоставлен, но такого столбца нет; возможно, имелся в виду {suggestion}",
    ),
    "column.target": (
        "{column} is not mapped to a field; expected a field, customData.KEY or softLinks.KEY",
        "{column} сопоставлен не с полем; ожидается поле, customData.KEY или softLinks.KEY",
    ),
    "column.target?suggestion": (
        "{column} is not mapped to a field; did you mean {suggestion}?",
        "{column} сопоставлен не с полем; возможно, имелось в виду {suggestion}",
    ),
    "column.extra": (
        "column {column}: the row has more cells than the header has names",
        "столбец {column}: в строке больше ячеек, чем имён в заголовке",
    ),
    "output.unwritable": ("cannot be written: {reason}", "не удалось записать: {reason}"),
    "output.source": (
        "contains an input of this run; expected another place",
        "содержит входной файл этого запуска; ожидается другое место",
    ),
    "output.foreign": (
        "the folder contains other files; expected an empty one or that of an earlier run",
        "в папке посторонние файлы; ожидается пустая папка или папка прежнего запуска",
    ),
    "bulk.max_errors": (
        "more rows were rejected than --max-errors allows",
        "отклонено больше строк, чем разрешает --max-errors",
    ),
    "bulk.interrupted": (
        "interrupted; the same command resumes from {folder}, which contains customers' data until then",
        "прервано; та же команда продолжит с того, что есть в {folder}, до тех пор там данные покупателей",
    ),
    "worker.died": (
        "a worker process died; its unfinished work is started anew",
        "рабочий процесс завершился аварийно; незаконченное начато заново",
    ),
    "worker.dying": (
        "worker processes keep dying; run the same command again to resume, with fewer jobs if memory is short",
        "рабочие процессы завершаются аварийно; запустите ту же команду снова, при нехватке памяти с меньшим "
        "числом процессов",
    ),
    "worker.start": ("worker processes cannot be started: {reason}", "не удалось запустить рабочие процессы: {reason}"),
    "source.empty": ("empty; expected a customer", "нет данных; ожидается покупатель"),
    "source.foreign": ("neither JSON nor CSV", "ни JSON, ни CSV"),
    "source.foreign?zip": (
        "an Excel workbook (.xlsx) or another ZIP archive; save the sheet as CSV UTF-8, or unpack the archive",
        "книга Excel (.xlsx) или другой архив ZIP; сохраните лист как CSV UTF-8 или распакуйте архив",
    ),
    "source.foreign?xls": (
        "an old Excel workbook (.xls) or Word document; save the sheet as CSV UTF-8",
        "старая книга Excel (.xls) или документ Word; сохраните лист как CSV UTF-8",
    ),
    "source.foreign?xml": ("an XML or HTML file; expected JSON or CSV", "файл XML или HTML; ожидается JSON или CSV"),
    "source.foreign?gzip": (
        "compressed with gzip; unpack it, or pass the file by name",
        "данные сжаты gzip; распакуйте их или укажите файл по имени",
    ),
    "source.foreign?parquet": (
        "a Parquet file; pass it by name, without --from",
        "файл Parquet; укажите его по имени, без --from",
    ),
    "source.foreign?arrow": (
        "an Arrow IPC file; pass it by name, without --from",
        "файл Arrow IPC; укажите его по имени, без --from",
    ),
    "source.format": (
        "the format is not clear from the file's name; expected --from {formats}",
        "по имени файла формат не определить; ожидается --from {formats}",
    ),
    "source.kind": (
        "not a page, a template or a script by its name, so it is not checked; --stdin-name reads it as one",
        "по имени не страница, не шаблон и не скрипт, поэтому не проверяется; --stdin-name прочитает как нужно",
    ),
    "source.nothing": (
        "nothing to check: these paths contain no page, template or script",
        "проверять нечего: в этих путях нет страниц, шаблонов и скриптов",
    ),
    "source.toml": ("not valid TOML; expected tables of pages", "некорректный TOML; ожидаются таблицы страниц"),
    "source.toml?line": (
        "not valid TOML at line {line}, column {column}; expected tables of pages",
        "некорректный TOML, строка {line}, столбец {column}; ожидаются таблицы страниц",
    ),
    # Sites
    "source.yaml": ("not valid YAML; expected a mapping of pages", "некорректный YAML; ожидается словарь страниц"),
    "source.yaml?line": (
        "not valid YAML at line {line}, column {column}; expected a mapping of pages",
        "некорректный YAML, строка {line}, столбец {column}; ожидается словарь страниц",
    ),
    "pattern.missing": (
        "required: the path of a page or a pattern such as shop/**",
        "обязательно: путь страницы или шаблон вроде shop/**",
    ),
    "pattern.shape": (
        "neither a path within the site nor a pattern; expected something like shop/index.html or shop/**",
        "не путь внутри сайта и не шаблон; ожидается вид shop/index.html или shop/**",
    ),
    "pattern.twice": ("duplicate path or pattern", "путь или шаблон повторяется"),
    "site.no_pages": (
        "no page matched; --allow-empty permits that",
        "не найдено ни одной страницы; --allow-empty разрешает и это",
    ),
    "site.no_customers": (
        "no customer for any of its pages ({count}); --allow-empty permits that",
        "ни для одной из страниц ({count}) нет покупателя; --allow-empty разрешает и это",
    ),
    # Options and settings
    "option.unknown": ("unknown option", "неизвестный параметр"),
    "option.unknown?suggestion": (
        "unknown option; did you mean {suggestion}?",
        "неизвестный параметр; возможно, имелось в виду {suggestion}",
    ),
    "option.value": ("wrong value; expected {expected}", "неверное значение; ожидается {expected}"),
    "option.value?suggestion": (
        "wrong value; did you mean {suggestion}?",
        "неверное значение; возможно, имелось в виду {suggestion}",
    ),
    "option.value?typed": (
        "wrong value {typed}; expected {expected}",
        "неверное значение {typed}; ожидается {expected}",
    ),
    "option.value?typed_near": (
        "wrong value {typed_near}; did you mean {suggestion}?",
        "неверное значение {typed_near}; возможно, имелось в виду {suggestion}",
    ),
    "option.no_value": ("needs a value after it", "после него нужно значение"),
    "option.no_switch": ("takes no value", "указывается без значения"),
    "option.conflict": ("cannot be used together with {other}", "нельзя использовать вместе с {other}"),
    "argument.missing": ("required, but not given", "не указано, но обязательно"),
    "argument.extra": ("one argument too many", "лишний аргумент"),
    "command.unknown": (
        "no such command; rr-snippet --help lists them",
        "такой команды нет; список покажет rr-snippet --help",
    ),
    "command.unknown?suggestion": (
        "no such command; did you mean {suggestion}?",
        "такой команды нет; возможно, имелось в виду {suggestion}",
    ),
    "option.type": (
        "not a mapping; expected a mapping of names to values",
        "не словарь; ожидается словарь «имя — значение»",
    ),
    "option.twice": (
        "given twice, in different letter case; expected once",
        "указано дважды, в разном регистре; ожидается один раз",
    ),
    "option.import": (
        "cannot be imported ({error}); expected the dotted path of a function",
        "не удалось импортировать ({error}); ожидается путь к функции через точки",
    ),
    "option.import?name": (
        "the module {module} has no {name}; expected the dotted path of a function",
        "в модуле {module} нет {name}; ожидается путь к функции через точки",
    ),
    "option.import?module": (
        "there is no module {module}; expected the dotted path of a function",
        "нет модуля {module}; ожидается путь к функции через точки",
    ),
    "option.callable": (
        "not callable; expected a function or its dotted path",
        "нельзя вызвать; ожидается функция или путь к ней через точки",
    ),
    "option.async": ("an async function; expected an ordinary one", "асинхронная функция; ожидается обычная"),
    "option.customer": ("required wherever no customer is passed", "обязательно везде, где покупатель не передан"),
    "option.urls": (
        "nothing serves the deferred card; expected {expected}",
        "отложенную карточку ничто не отдаёт; ожидается {expected}",
    ),
    "option.installed": (
        "already installed in this application; expected once",
        "уже подключено к этому приложению; ожидается один раз",
    ),
    "option.taken": (
        "the name already stands for something else in this environment",
        "имя в этом окружении уже занято другим",
    ),
    # Caches, requests and responses
    "cache.fragment": (
        "inside a cached fragment, which other visitors get too; expected a place outside it",
        "внутри кешируемого фрагмента, который получат и другие; ожидается место вне его",
    ),
    "cache.stored": (
        "a page or fragment with a block was about to be cached for other visitors, so it was not stored; "
        "expected a private response, response_filter=cacheable, or no cache here",
        "страница или фрагмент с блоком попали бы в кеш для других, поэтому не сохранены; "
        "ожидается ответ с пометкой private, response_filter=cacheable или работа без кеша",
    ),
    "cache.served": (
        "a cached block of another visitor was removed from the page; expected rendered pages to stay out of caches",
        "со страницы убран блок другого посетителя, попавший в неё из кеша; "
        "готовые страницы не должны храниться в кеше",
    ),
    "request.not_loaded": (
        "the customer function is async and has not run yet; await load(request) before rendering",
        "функция покупателя асинхронная и ещё не вызвана; выполните await load(request) до отрисовки",
    ),
    "request.missing": (
        "no request in the template's context; render with the request, and import macros with context",
        "в контексте шаблона нет request; передайте его, а макросы импортируйте с контекстом",
    ),
    "response.sent": (
        "the headers of the response have already been sent; call prepare(request) before streaming",
        "заголовки ответа уже отправлены; вызовите prepare(request) до потоковой передачи",
    ),
    "response.unwatched": (
        "nothing keeps this response out of shared caches; add the integration's middleware",
        "ничто не убережёт этот ответ от общих кешей; подключите middleware интеграции",
    ),
    "site.failed": ("the site's own code raised {error}", "код сайта вызвал исключение {error}"),
    "dependency.missing": (
        "{package} is needed: pip install '{requirement}'",
        "нужен пакет {package}: pip install '{requirement}'",
    ),
    # Warnings
    "soft_link.email": (
        "an e-mail address, which the vendor forbids as a soft link",
        "адрес электронной почты; сервис запрещает его в softLinks",
    ),
    "custom_data.key_unsafe": (
        "the key contains one of & = # ? % + or a control character, which may not survive the tracker's query",
        "в ключе есть & = # ? % + или управляющий символ; трекер может исказить его в запросе",
    ),
    "email.placeholder": (
        "looks made up; expected the customer's own address or none",
        "похоже на выдуманный адрес; укажите настоящий или никакого",
    ),
    "consent.not_unsubscribe": (
        "false does not unsubscribe someone who is already subscribed",
        "false не отписывает того, кто уже подписан",
    ),
    "consent.assumed": ("None, which will be sent as true", "None; будет отправлено как true"),
    "column.left_out": (
        "column {column} is left out, although it looks like {suggestion}; --map uses it, or leaves it out silently",
        "столбец {column} пропущен, хотя похож на {suggestion}; --map использует его или пропустит молча",
    ),
    "column.left_out?key": (
        "a name that looks like {key} is left out; --map uses it, or leaves it out silently",
        "имя, похожее на {key}, пропущено; --map использует его или пропустит молча",
    ),
    "customer_id.placeholder": (
        "does not look like an id, and would merge many people into one",
        "не похоже на идентификатор; под ним сольются разные люди",
    ),
    "customer_id.space": (
        "has white space around it or invisible characters in it, and is sent as it is",
        "пробелы по краям или невидимые символы внутри; передаётся без изменений",
    ),
    "stock_id.space": (
        "has white space around it or invisible characters in it, and the feed must have the same",
        "пробелы по краям или невидимые символы внутри; в товарной базе должны быть такие же",
    ),
    "phone.placeholder": ("looks made up: all its digits are alike", "похоже на выдуманный номер: все цифры одинаковы"),
    "email.mixed_scripts": (
        "mixes Latin and Cyrillic letters, which look alike, in one word",
        "в одном слове и латинские, и русские буквы; их легко спутать",
    ),
    "customer_id.repeated": (
        "ids that occur more than once: {count}; expected each customer once",
        "идентификаторов, которые повторяются: {count}; ожидается, что каждый покупатель встретится один раз",
    ),
    "page.outdated": (
        "its block is missing or differs; rr-snippet inject --if-present replace brings it up to date",
        "блока нет или он другой; rr-snippet inject --if-present replace обновит страницу",
    ),
    "page.leftover": (
        "contains a block that no longer belongs to this page; --if-present replace replaces or removes it",
        "содержит блок, который больше не относится к этой странице; --if-present replace заменит или уберёт его",
    ),
    "page.template": (
        "a template, not a page: everybody would get its block; --allow-templates confirms that it is a page",
        "шаблон, а не страница: блок достался бы всем; --allow-templates подтверждает, что это страница",
    ),
    "pattern.unused": ("matches no page of the site", "не относится ни к одной странице сайта"),
    "site.link": (
        "a symbolic link that leads out of the site; left alone",
        "символическая ссылка ведёт за пределы сайта; оставлена как есть",
    ),
    "site.personal": (
        "customers' data goes into files that anyone who can fetch them can read; {option} confirms that this is meant",
        "данные покупателей попадают в файлы, которые прочитает любой, кто может их получить; "
        "{option} подтверждает, что так и надо",
    ),
    "file.stale_copy": (
        "the {suffix} copy beside it is out of date; make it again",
        "копия {suffix} рядом с файлом устарела; создайте её заново",
    ),
    "file.hard_link": (
        "has another name (a hard link), under which it stays unchanged",
        "у файла есть другое имя (жёсткая ссылка); под ним он остался прежним",
    ),
}


# What stands in the places of messages and beside them, where it is words and not a name: in Russian, by the English.
PHRASES: Final[dict[str, str]] = {
    "error": "ошибка",
    "warning": "предупреждение",
    "note": "заметка",
    "record": "запись",
    "standard input": "стандартный ввод",
    "standard output": "стандартный вывод",
    "rows": "строк",
    "rows/s": "строк/с",
    "pages": "страниц",
    "pages/s": "страниц/с",
    "{time} left": "осталось {time}",
    # Why the system could not do it: by number, as systems word it each in their own way.
    **{
        os.strerror(number): russian
        for number, russian in {
            errno.EACCES: "нет прав доступа",
            errno.EPERM: "операция не разрешена",
            errno.ENOENT: "нет такого файла или папки",
            errno.ENOTDIR: "это не папка",
            errno.EISDIR: "это папка",
            errno.EEXIST: "файл уже существует",
            errno.ENOSPC: "на диске нет места",
            errno.EFBIG: "файл слишком велик",
            errno.EROFS: "файловая система только для чтения",
            errno.EIO: "ошибка ввода-вывода",
            errno.EINVAL: "недопустимый аргумент",
            errno.ELOOP: "символические ссылки ведут по кругу",
            errno.ENAMETOOLONG: "слишком длинное имя файла",
            errno.EMFILE: "слишком много открытых файлов",
            errno.ENOMEM: "не хватает памяти",
            errno.EAGAIN: "ресурс временно недоступен",
            errno.EBUSY: "устройство или ресурс занято",
            errno.ENXIO: "нет такого устройства или адреса",
            errno.EADDRINUSE: "адрес уже занят",
        }.items()
    },
    "closed": "закрыт",
    "changed while it was read": "изменился во время чтения",
    "no regular file": "это не обычный файл",
    # The gaps in a corrected block.
    "your customer id": "ваш идентификатор покупателя",
    "the customer's e-mail": "почта покупателя",
    "the customer's phone": "телефон покупателя",
    "the region's id in your feed": "идентификатор региона из вашей товарной базы",
    "true or false, as the customer chose": "true или false, как выбрал покупатель",
    "name": "имя",
    "value": "значение",
    "link name": "имя softLink",
    "link value": "значение softLink",
    # What an option takes.
    "True or False": "True или False",
    "true or false": "true или false",
    "a string": "строка",
    "a list of strings": "список строк",
    "a boolean": "булево значение",
    "one character": "один символ",
    "the name of a text encoding": "название кодировки текста",
    "a two-letter country code such as RU": "код страны из двух букв, например RU",
    "a whole number from 0 to 65535": "целое число от 0 до 65535",
    "a whole number from 1": "целое число от 1",
    "a file other than CUSTOMER.json": "другой файл, а не CUSTOMER.json",
    "a code like email.shape": "код, например email.shape",
    "a JSON object in UTF-8, and no options for tables": "объект JSON в UTF-8, без параметров для таблиц",
    "the code of a rule, or its subject": "код правила или его тема",
    "a number of rows or a percentage such as 0.5%": "число строк или процент, например 0.5%",
    "a name ending in .jsonl or .parquet": "имя с окончанием .jsonl или .parquet",
    "a name ending in .jsonl or .parquet, that of a folder, or --to": "имя с окончанием .jsonl или .parquet, папка "
    "или --to",
    "NAME=FIELD, or NAME= to leave a column out": "ИМЯ=ПОЛЕ или ИМЯ=, чтобы пропустить столбец",
    "each NAME once": "каждое ИМЯ один раз",
    'something like "yes,1=true;no,0=false"': 'вид "да,1=true;нет,0=false"',
    "words for true and for false": "слова и для true, и для false",
    "words other than true and false": "слова, отличные от true и false",
    "a RenderOptions": "RenderOptions",
    "the name of a cookie, in letters, digits, - and _": "имя cookie из букв, цифр, - и _",
    "a path on this host such as /rr-snippet/, which a proxy may lead elsewhere": "путь на этом сервере, например "
    "/rr-snippet/, который прокси может вести дальше",
    "no customer beside deferred": "deferred без покупателя рядом",
    "no Parquet, or damaged": "не Parquet или файл повреждён",
    "no Arrow IPC, or damaged": "не Arrow IPC или файл повреждён",
    "no table [tool.rr-snippet]": "нет раздела [tool.rr-snippet]",
}


def phrase(text: str, language: str) -> str:
    """Return a word or a phrase of ours in `language`; a name, which has no other, as it is."""
    return text if language == "en" else PHRASES.get(text, text)


def message_text(code: str, language: str, details: Mapping[str, str | int]) -> str:
    """Return the message of `code` in `language` (`en` or `ru`), with `details` put into its places."""
    form = message_form(code, details, language)
    if language == "en":
        return form.format_map(details)
    # Only these contain words. Others may contain the names of columns.
    words = {name: phrase(str(details[name]), language) for name in ("expected", "reason") if name in details}
    return form.format_map(ChainMap(words, cast("dict[str, Any]", details)))


def message_form(code: str, details: Iterable[str], language: str) -> str:
    """Return the message of `code` with the places for `details` still open."""
    form = next((f"{code}?{word}" for word in details if f"{code}?{word}" in MESSAGES), code)
    return MESSAGES[form][_INDEX[language]]


def explanation(code: str, language: str) -> str:
    """Return why a code exists and what to do about it: a few sentences of `docs/reference/codes.md`, as Markdown."""
    return sections("codes", language)[code].split("\n\n")[1]


@cache
def sections(page: str, language: str) -> dict[str, str]:
    """Return what a page of `docs/reference` says under the heading of each code, as Markdown.

    A wheel has the pages inside the package in `_docs`. In a checkout they are in `docs` beside the package.
    """
    # Imported here: only who asks for an explanation pays for it.
    from importlib.resources import files

    folder = files("rr_snippet") / "_docs"
    if not folder.is_dir():
        folder = files("rr_snippet") / ".." / "docs" / "reference"
    name = f"{page}.md" if language == "en" else f"{page}.{language}.md"
    parts = (folder / name).read_text(encoding="utf-8").split("\n### `")[1:]
    return {part.partition("`")[0]: part.partition("\n\n")[2].partition("\n## ")[0].strip() for part in parts}
