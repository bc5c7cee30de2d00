"""What each code says to people, in English and in Russian.

A message tells what is wrong and what is expected: lower case, no final stop, no value. The words in braces are numbers
or names of our own vocabulary. A code followed by `?word` is the form used when that word is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

_INDEX: Final = {"en": 0, "ru": 1}

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    # The customer as a whole
    "customer.type": (
        "no customer, a mapping of field names to values expected",
        "не покупатель: ожидается словарь «поле — значение»",
    ),
    "customer.type?error": (
        "no customer but a {error}, a mapping of field names to values expected",
        "не покупатель, а {error}: ожидается словарь «поле — значение»",
    ),
    "customer.json": ("not valid JSON, one JSON object expected", "некорректный JSON, ожидается один объект JSON"),
    "customer.json?line": (
        "not valid JSON at line {line}, column {column}; one JSON object expected",
        "некорректный JSON, строка {line}, столбец {column}; ожидается один объект JSON",
    ),
    "customer.json?bare_name": (
        "not valid JSON at line {line}, column {column}: the name of a field must stand in double quotes",
        "некорректный JSON, строка {line}, столбец {column}: имя поля должно стоять в двойных кавычках",
    ),
    "customer.json?bare_text": (
        "not valid JSON at line {line}, column {column}: a text must stand in double quotes",
        "некорректный JSON, строка {line}, столбец {column}: текст должен стоять в двойных кавычках",
    ),
    "customer.json?call": (
        "not JSON but a script; expected one JSON object, the one in the brackets of setCustomer",
        "это не JSON, а скрипт; ожидается один объект JSON — тот, что в скобках setCustomer",
    ),
    "customer.json?comment": (
        "not valid JSON at line {line}, column {column}: JSON has no comments",
        "некорректный JSON, строка {line}, столбец {column}: в JSON нет комментариев",
    ),
    "customer.json?control": (
        "not valid JSON at line {line}, column {column}: a line break or tab inside a text; write \\n or \\t",
        "некорректный JSON, строка {line}, столбец {column}: перенос строки или табуляция внутри текста; "
        "нужно \\n или \\t",
    ),
    "customer.json?curly_quotes": (
        'not valid JSON at line {line}, column {column}: typographic quotes; use straight ones: "',
        'некорректный JSON, строка {line}, столбец {column}: типографские кавычки; нужны прямые: "',
    ),
    "customer.json?cut_off": (
        "not valid JSON: the text ends too early, at line {line}, column {column}; a closing bracket is missing",
        "некорректный JSON: текст обрывается, строка {line}, столбец {column}; не хватает закрывающей скобки",
    ),
    "customer.json?empty": ("nothing here; expected one JSON object", "пусто; ожидается один объект JSON"),
    "customer.json?escape": (
        "not valid JSON at line {line}, column {column}: no such escape; write \\\\ for a backslash",
        "некорректный JSON, строка {line}, столбец {column}: такой экранированной записи нет; "
        "обратная косая черта пишется как \\\\",
    ),
    "customer.json?missing_comma": (
        "not valid JSON at line {line}, column {column}: a comma or a colon is missing before this",
        "некорректный JSON, строка {line}, столбец {column}: перед этим местом не хватает запятой или двоеточия",
    ),
    "customer.json?more": (
        "not valid JSON at line {line}, column {column}: something follows the end; expected one JSON object",
        "некорректный JSON, строка {line}, столбец {column}: после конца что-то есть; ожидается один объект JSON",
    ),
    "customer.json?number": (
        "not valid JSON at line {line}, column {column}: no number; put ids and phones in double quotes",
        "некорректный JSON, строка {line}, столбец {column}: это не число; "
        "идентификаторы и телефоны пишутся в двойных кавычках",
    ),
    "customer.json?open_text": (
        "not valid JSON at line {line}, column {column}: this text has no closing quote",
        "некорректный JSON, строка {line}, столбец {column}: у этого текста нет закрывающей кавычки",
    ),
    "customer.json?python_word": (
        "not valid JSON at line {line}, column {column}: a word of Python; JSON has true, false and null",
        "некорректный JSON, строка {line}, столбец {column}: это слово из Python; в JSON есть true, false и null",
    ),
    "customer.json?script_word": (
        "not valid JSON at line {line}, column {column}: a word of JavaScript; JSON has true, false and null",
        "некорректный JSON, строка {line}, столбец {column}: это слово из JavaScript; в JSON есть true, false и null",
    ),
    "customer.json?single_quotes": (
        'not valid JSON at line {line}, column {column}: expected double quotes: "',
        'некорректный JSON, строка {line}, столбец {column}: нужны двойные кавычки: "',
    ),
    "customer.json?table": (
        "not JSON; it looks like a table (CSV); expected one JSON object",
        "это не JSON, похоже на таблицу (CSV); ожидается один объект JSON",
    ),
    "customer.json?trailing_comma": (
        "not valid JSON at line {line}, column {column}: a comma with nothing after it",
        "некорректный JSON, строка {line}, столбец {column}: запятая, после которой ничего нет",
    ),
    "customer.frozen": (
        "a customer cannot be changed, use model_copy(update=...)",
        "покупателя нельзя изменить, используйте model_copy(update=...)",
    ),
    "customer.more": ("{count} more problems of the same customer", "ещё проблем у этого покупателя: {count}"),
    "customer.encoding": (
        "not {encoding} text; name the right encoding",
        "не текст в {encoding}; укажите верную кодировку",
    ),
    "customer.encoding?count": (
        "not {encoding} text in {count} records; name the right encoding (--encoding)",
        "не текст в {encoding}, записей: {count}; укажите верную кодировку (--encoding)",
    ),
    "customer.encoding?guess": (
        "not {encoding} text, but readable as {guess}: --encoding {guess}",
        "не текст в {encoding}, но читается как {guess}: --encoding {guess}",
    ),
    "customer.csv": ("no readable CSV row", "строку CSV не прочитать"),
    "customer.csv?lines": (
        "no readable CSV row: a quote in it swallows {lines} lines",
        "строку CSV не прочитать: кавычка в ней поглощает строк: {lines}",
    ),
    "customer.too_long": (
        "a record of more than {limit} characters, a shorter one expected",
        "запись длиннее {limit} символов, ожидается короче",
    ),
    "field.unknown": ("no such field", "такого поля нет"),
    "field.unknown?suggestion": (
        "no such field, did you mean {suggestion}",
        "такого поля нет, возможно, имелось в виду {suggestion}",
    ),
    "field.refused": ("refused by a rule of this shop's own", "отклонено собственным правилом магазина"),
    "field.twice": ("given twice, one value expected", "указано дважды, ожидается одно значение"),
    "field.twice?columns": (
        "given twice, in the columns {columns}; one expected",
        "указано дважды, в столбцах {columns}; ожидается один",
    ),
    # customerId
    "customer_id.missing": (
        "absent, but required: the customer's unique id",
        "отсутствует, но обязательно: уникальный идентификатор покупателя",
    ),
    "customer_id.type": (
        "not a text, a whole number of at most {limit} digits or a UUID, one of these expected",
        "ожидается строка, целое число не длиннее {limit} цифр или UUID",
    ),
    "customer_id.blank": ("blank, a non-blank id expected", "пусто, ожидается непустой идентификатор"),
    "customer_id.control": (
        "control characters in it, none expected",
        "содержит управляющие символы, их быть не должно",
    ),
    # email
    "email.type": ("not a text, an e-mail address expected", "не строка, ожидается адрес электронной почты"),
    "email.shape": (
        "no e-mail address, one like name@shop.ru expected",
        "не адрес электронной почты, ожидается вид name@shop.ru",
    ),
    "email.shape?scheme": (
        "{scheme} before it; the address alone expected",
        "перед адресом стоит {scheme}; ожидается только адрес",
    ),
    "email.shape?no_at": (
        "no @ in it; expected something like name@shop.ru",
        "нет знака @; ожидается вид name@shop.ru",
    ),
    "email.shape?display_name": (
        "a name and an address in angle brackets; the address alone expected",
        "имя и адрес в угловых скобках; ожидается только адрес",
    ),
    "email.shape?two": (
        "two addresses; one expected",
        "два адреса; ожидается один",
    ),
    "email.shape?comma": (
        "a comma where a dot belongs; expected something like name@shop.ru",
        "запятая вместо точки; ожидается вид name@shop.ru",
    ),
    "email.shape?digits": (
        "digits of another script; expected something like name@shop.ru",
        "цифры другой письменности; ожидается вид name@shop.ru",
    ),
    "email.shape?char": (
        "character {place} is {char}; expected something like name@shop.ru",
        "символ {place}: {char}; ожидается вид name@shop.ru",
    ),
    "email.too_long": (
        "{count} characters, at most {limit} expected",
        "символов: {count}, допускается не больше {limit}",
    ),
    # phone
    "phone.type": ("not a text or a PhoneNumber, one of these expected", "ожидается строка или PhoneNumber"),
    "phone.shape": (
        "no phone number in one of the documented forms, one like +7 (111) 222-33-44 expected",
        "не телефон в одном из описанных видов, ожидается вид +7 (111) 222-33-44",
    ),
    "phone.shape?scheme": (
        "{scheme} before it; the number alone expected",
        "перед номером стоит {scheme}; ожидается только номер",
    ),
    "phone.shape?scientific": (
        "scientific notation of a spreadsheet, digits are lost; the column as text expected",
        "экспоненциальная запись из таблицы, цифры потеряны; ожидается текстовый столбец",
    ),
    "phone.shape?decimal": (
        "a decimal number of a spreadsheet; the column as text expected",
        "дробное число из таблицы; ожидается текстовый столбец",
    ),
    "phone.shape?two": (
        "two numbers; one expected",
        "два номера; ожидается один",
    ),
    "phone.shape?extension": (
        "an extension after it; the number alone expected",
        "добавочный номер; ожидается только номер",
    ),
    "phone.shape?letters": (
        "letters in it; expected something like +7 (111) 222-33-44",
        "содержит буквы; ожидается вид +7 (111) 222-33-44",
    ),
    "phone.shape?digits": (
        "digits of another script; expected something like +7 (111) 222-33-44",
        "цифры другой письменности; ожидается вид +7 (111) 222-33-44",
    ),
    "phone.shape?char": (
        "character {place} is {char}; expected something like +7 (111) 222-33-44",
        "символ {place}: {char}; ожидается вид +7 (111) 222-33-44",
    ),
    "phone.too_short": ("{count} digits, at least {limit} expected", "цифр: {count}, ожидается не меньше {limit}"),
    "phone.too_long": ("{count} digits, at most {limit} expected", "цифр: {count}, ожидается не больше {limit}"),
    "phone.region_needed": (
        "no country code and no phone_region to tell the country, one of them expected",
        "нет кода страны и не задан phone_region, нужно одно из двух",
    ),
    "phone.impossible": (
        "no number that can exist, a possible one expected",
        "такого номера быть не может, ожидается возможный",
    ),
    "phone.not_valid": (
        "not in any assigned range of its country, a valid number expected",
        "не входит в номерную ёмкость страны, ожидается действительный номер",
    ),
    # customData
    "custom_data.type": (
        "not a mapping of texts to texts, one expected",
        "не словарь строк, ожидается словарь «строка — строка»",
    ),
    "custom_data.key_type": ("its key is not a text, a text expected", "ключ не строка, ожидается строка"),
    "custom_data.key_blank": ("its key is blank, a non-blank key expected", "пустой ключ, ожидается непустой"),
    "custom_data.key_proto": (
        "its key is __proto__, which JavaScript drops in silence; another key expected",
        "ключ __proto__ JavaScript молча отбрасывает; ожидается другой ключ",
    ),
    "custom_data.value_type": ("not a text, a text expected", "не строка, ожидается строка"),
    # defaultStockId
    "stock_id.type": (
        "not a text, a whole number or a UUID, one of these expected",
        "ожидается строка, целое число или UUID",
    ),
    "stock_id.too_long": (
        "{count} characters, at most {limit} expected",
        "символов: {count}, допускается не больше {limit}",
    ),
    "stock_id.control": ("control characters in it, none expected", "содержит управляющие символы, их быть не должно"),
    # softLinks
    "soft_links.type": (
        "not a mapping and not a list of links, one of these expected",
        "ожидается словарь или список ссылок",
    ),
    "soft_link.type": ("no link, a pair of name and value expected", "не ссылка, ожидается пара из имени и значения"),
    "soft_link.name_type": ("not a text, a text expected", "не строка, ожидается строка"),
    "soft_link.name_blank": ("blank, a non-blank name expected", "пусто, ожидается непустое имя"),
    "soft_link.value_type": (
        "not a text or a whole number of at most {limit} digits, one of these expected",
        "ожидается строка или целое число не длиннее {limit} цифр",
    ),
    "soft_link.value_blank": ("blank, a non-blank value expected", "пусто, ожидается непустое значение"),
    "soft_link.duplicate": (
        "the same name again, each name once expected",
        "имя повторяется, каждое имя ожидается один раз",
    ),
    # mobilePushSubscription
    "push.type": (
        "no push subscription, one of the three models or an object with one of the three kinds expected",
        "не push-подписка, ожидается одна из трёх моделей или объект с одним из трёх видов",
    ),
    "push.none": (
        "no kind in it, exactly one of the three expected",
        "нет ни одного вида, ожидается ровно один из трёх",
    ),
    "push.many": ("{count} kinds in it, exactly one expected", "видов: {count}, ожидается ровно один"),
    "push.kind_unknown": (
        "no such kind, fcmSubscription, apnsSubscription or huaweiSubscription expected",
        "такого вида нет, ожидается fcmSubscription, apnsSubscription или huaweiSubscription",
    ),
    "push.field_missing": ("absent, but required", "отсутствует, но обязательно"),
    "push.field_unknown": ("no such field in this kind", "в этом виде такого поля нет"),
    "push.field_unknown?suggestion": (
        "no such field in this kind, did you mean {suggestion}",
        "в этом виде такого поля нет, возможно, имелось в виду {suggestion}",
    ),
    "push.field_type": ("wrong type, {expected} expected", "неверный тип, ожидается {expected}"),
    "push.field_blank": ("blank, a non-blank text expected", "пусто, ожидается непустая строка"),
    "push.timestamp_shape": (
        "no RFC 3339 time with at most seven fraction digits, one like 2025-03-31T11:03:02.3564674+03:00 expected",
        "не время по RFC 3339 (не больше семи знаков дробной части), ожидается вид 2025-03-31T11:03:02.3564674+03:00",
    ),
    "push.timestamp_offset": (
        "no offset from UTC in whole minutes, Z or one like +03:00 expected",
        "нет смещения от UTC в целых минутах, ожидается Z или вид +03:00",
    ),
    "push.timestamp_date": (
        "no such date or time of day, a real one expected",
        "таких даты или времени суток нет, ожидаются настоящие",
    ),
    # isAgreedToReceiveMarketingMail
    "consent.type": (
        "not a boolean, true or false without quotes expected",
        "не булево значение, ожидается true или false без кавычек",
    ),
    "consent.type?option": (
        "neither true nor false; {option} says which other words stand for them",
        "не true и не false; {option} задаёт другие слова для них",
    ),
    "consent.missing": (
        "absent, but this shop requires it: true or false expected",
        "отсутствует, но магазин его требует: ожидается true или false",
    ),
    # A guest, an order
    "guest.type": (
        "must be a mapping of field names to values",
        "не покупатель без входа: нужен словарь «поле — значение»",
    ),
    "guest.email_missing": (
        "required: the guest's e-mail address",
        "обязательно: адрес электронной почты покупателя без входа",
    ),
    "guest.consent_missing": (
        "required: true or false; a guest's consent is never assumed",
        "обязательно: true или false; согласие покупателя без входа не подразумевается",
    ),
    "order.type": ("must be a mapping of field names to values", "не заказ: нужен словарь «поле — значение»"),
    "order.transaction_missing": ("required: the order's number", "обязательно: номер заказа"),
    "order.transaction_type": (
        "must be a text or a whole number of at most {limit} digits",
        "нужна строка или целое число не длиннее {limit} цифр",
    ),
    "order.transaction_blank": ("must not be blank", "не должно быть пустым"),
    "order.transaction_control": (
        "must not contain control characters",
        "не должно содержать управляющих символов",
    ),
    "order.items_missing": ("required: a list of at least one item", "обязательно: список хотя бы из одного товара"),
    "order_item.type": (
        "must be a mapping with id, qnt and price",
        "не товар: нужен словарь с полями id, qnt и price",
    ),
    "order_item.field_unknown": ("an item has no such field", "у товара нет такого поля"),
    "order_item.field_unknown?suggestion": (
        "an item has no such field; did you mean {suggestion}?",
        "у товара нет такого поля; возможно, имелось в виду {suggestion}",
    ),
    "order_item.id_missing": ("required: the product's id in the feed", "обязательно: идентификатор товара в фиде"),
    "order_item.id_type": ("must be a text or a whole number", "нужна строка или целое число"),
    "order_item.id_type?proto": (
        "{proto} cannot be an id: JavaScript gives this name a meaning of its own",
        "{proto} не может быть идентификатором: у этого имени в JavaScript свой смысл",
    ),
    "order_item.id_blank": ("must not be blank", "не должно быть пустым"),
    "order_item.id_too_large": (
        "too large for JavaScript, which counts up to {limit} without gaps; send it as a text",
        "слишком велико для JavaScript: без пропусков он считает до {limit}; передайте строкой",
    ),
    "order_item.quantity_missing": ("required: how many were bought", "обязательно: сколько куплено"),
    "order_item.quantity_type": (
        "must be a whole number or a Decimal, neither a text nor a float",
        "нужно целое число или Decimal, но не строка и не float",
    ),
    "order_item.quantity_range": ("must be a finite number greater than 0", "нужно конечное число больше 0"),
    "order_item.quantity_range?limit": (
        "has more digits than JavaScript keeps; at most {limit} are allowed, so round it",
        "больше цифр, чем хранит JavaScript; допускается не больше {limit}, округлите число",
    ),
    "order_item.price_missing": ("required: the price of one", "обязательно: цена за единицу"),
    "order_item.price_type": (
        "must be a number, not a text: the tracker would read 1 out of 1 200,50",
        "нужно число, а не строка: из 1 200,50 трекер прочёл бы 1",
    ),
    "order_item.price_range": ("must be a finite number, not below 0", "нужно конечное число не меньше 0"),
    "order_item.price_range?limit": (
        "has more digits than JavaScript keeps; at most {limit} are allowed, so round it",
        "больше цифр, чем хранит JavaScript; допускается не больше {limit}, округлите число",
    ),
    "order_item.duplicate": (
        "the same id stands before with another price: the tracker merges the two and keeps the last price",
        "этот идентификатор уже есть с другой ценой: трекер объединит товары и оставит последнюю цену",
    ),
    # Text, payload, variant, nonce
    "text.surrogate": (
        "half of a surrogate pair in it, whole characters expected",
        "содержит половину суррогатной пары, ожидаются целые символы",
    ),
    "payload.too_large": (
        "{count} characters, at most {limit} expected",
        "символов: {count}, допускается не больше {limit}",
    ),
    "payload.leaf": (
        "neither a text nor a boolean, one of these expected",
        "ни строка, ни булево значение, ожидается одно из них",
    ),
    "variant.stock_missing": (
        "absent, but the region variant needs it",
        "отсутствует, но нужно для варианта с регионами",
    ),
    "variant.stock_unexpected": (
        "given, but the no-region variant has no place for it",
        "указано, но в варианте без регионов ему нет места",
    ),
    "nonce.shape": (
        "no CSP nonce, base64 characters with at most two closing = expected",
        "не CSP nonce, ожидаются символы base64 и не больше двух = в конце",
    ),
    # Pages
    "page.type": ("no page; bytes or text expected", "не страница; ожидаются байты или текст"),
    "page.fragment": ("a piece of a page, a whole document expected", "фрагмент страницы, ожидается целый документ"),
    "page.frameset": (
        "a frameset, which runs no script of a body; an ordinary page expected",
        "frameset, где нет тела для скрипта; ожидается обычная страница",
    ),
    "page.plaintext": (
        "a plaintext element, after which nothing is markup; none expected",
        "элемент plaintext, после которого нет разметки; его быть не должно",
    ),
    "page.amp": (
        "an AMP page, which allows no such script; an ordinary page expected",
        "страница AMP не допускает такого скрипта; ожидается обычная страница",
    ),
    "page.eof_in_comment": (
        "ends inside a comment, a whole page expected",
        "обрывается внутри комментария, ожидается целая страница",
    ),
    "page.eof_in_script": (
        "ends inside a script, a whole page expected",
        "обрывается внутри скрипта, ожидается целая страница",
    ),
    "page.eof_in_doctype": (
        "ends inside a doctype, a whole page expected",
        "обрывается внутри doctype, ожидается целая страница",
    ),
    "page.eof_in_cdata": (
        "ends inside a CDATA section, a whole page expected",
        "обрывается внутри секции CDATA, ожидается целая страница",
    ),
    **{
        f"page.eof_in_{name}": (
            f"ends inside a {name} element, a whole page expected",
            f"обрывается внутри элемента {name}, ожидается целая страница",
        )
        for name in ("style", "title", "textarea", "xmp", "iframe", "noembed", "noframes", "noscript")
    },
    "page.eof_in_tag": ("ends inside a tag, a whole page expected", "обрывается внутри тега, ожидается целая страница"),
    "page.unclosed_template": ("a template element is never closed", "элемент template не закрыт"),
    "page.unclosed_foreign": ("an svg or math element is never closed", "элемент svg или math не закрыт"),
    "page.too_deep": (
        "elements nested too deep, at most {limit} levels expected",
        "слишком глубокая вложенность элементов, допускается не больше {limit} уровней",
    ),
    "page.ambiguous_select": (
        "markup inside a select that browsers read in different ways",
        "разметка внутри select, которую браузеры читают по-разному",
    ),
    "page.encoding": (
        "an encoding in which the snippet cannot be written, an ASCII-compatible one or UTF-16 with a BOM expected",
        "кодировка, в которой сниппет не записать; ожидается совместимая с ASCII или UTF-16 с BOM",
    ),
    "page.compressed": (
        "compressed before the snippet could be put in, a middleware inside of the compressing one expected",
        "страница сжата раньше, чем в неё попал сниппет, ожидается слой внутри сжимающего",
    ),
    "page.already": ("a setCustomer call is there already", "вызов setCustomer уже есть"),
    "page.foreign_call": (
        "a setCustomer call that was not written by this library, remove it by hand first",
        "вызов setCustomer написан не этой библиотекой, сначала удалите его вручную",
    ),
    "block.not_ours": ("no block written by this library", "не блок, написанный этой библиотекой"),
    # Our own use
    "source.unreadable": ("cannot be read: {reason}", "не прочитать: {reason}"),
    "column.type": (
        "a column of {found}, {expected} expected; cast it: {cast}",
        "столбец типа {found}, ожидается {expected}; приведите тип: {cast}",
    ),
    "column.unknown": (
        "column {column}: no such field; --map names one, or leaves the column out",
        "столбец {column}: такого поля нет; --map укажет поле или пропустит столбец",
    ),
    "column.unknown?suggestion": (
        "column {column}: no such field, did you mean {suggestion}; --map names one, or leaves the column out",
        "столбец {column}: такого поля нет, возможно, имелось в виду {suggestion}; "
        "--map укажет поле или пропустит столбец",
    ),
    "column.missing": (
        "{column} is mapped, but there is no column of this name",
        "{column} сопоставлен, но столбца с таким именем нет",
    ),
    "column.missing?suggestion": (
        "{column} is mapped, but there is no column of this name, did you mean {suggestion}",
        "{column} сопоставлен, но столбца с таким именем нет, возможно, имелся в виду {suggestion}",
    ),
    "column.target": (
        "{column} is mapped to no field; a field, customData.KEY or softLinks.KEY expected",
        "{column} сопоставлен не с полем; ожидается поле, customData.KEY или softLinks.KEY",
    ),
    "column.target?suggestion": (
        "{column} is mapped to no field, did you mean {suggestion}",
        "{column} сопоставлен не с полем, возможно, имелось в виду {suggestion}",
    ),
    "column.extra": (
        "column {column}: more cells than the header has names",
        "столбец {column}: ячеек больше, чем имён в заголовке",
    ),
    "output.unwritable": ("cannot be written: {reason}", "не записать: {reason}"),
    "output.source": (
        "an input of this run is in there, another place expected",
        "там лежит входной файл этого запуска, ожидается другое место",
    ),
    "output.foreign": (
        "a folder with files of others in it, an empty one or that of an earlier run expected",
        "в папке чужие файлы, ожидается пустая папка или папка прежнего запуска",
    ),
    "bulk.max_errors": (
        "more rows are rejected than --max-errors allows",
        "отклонено больше строк, чем разрешает --max-errors",
    ),
    "bulk.interrupted": (
        "interrupted; the same command goes on with what {folder} holds, customers' data until then",
        "прервано; та же команда продолжит с того, что есть в {folder}, до тех пор там данные покупателей",
    ),
    "worker.died": (
        "a worker process died, what it left is begun anew",
        "рабочий процесс погиб, незаконченное начато заново",
    ),
    "worker.dying": (
        "worker processes keep dying; run the same command again to go on, with fewer jobs if memory is short",
        "рабочие процессы гибнут; запустите ту же команду снова, при нехватке памяти с меньшим числом процессов",
    ),
    "worker.start": ("worker processes cannot be started: {reason}", "рабочие процессы не запустить: {reason}"),
    "source.empty": ("nothing in it, a customer expected", "пусто, ожидается покупатель"),
    "source.foreign": ("neither JSON nor CSV", "ни JSON, ни CSV"),
    "source.foreign?zip": (
        "an Excel workbook (.xlsx) or another ZIP archive; save the sheet as CSV UTF-8, or unpack the archive",
        "книга Excel (.xlsx) или другой архив ZIP; сохраните лист как CSV UTF-8 или распакуйте архив",
    ),
    "source.foreign?xls": (
        "an old Excel workbook (.xls) or Word document; save the sheet as CSV UTF-8",
        "старая книга Excel (.xls) или документ Word; сохраните лист как CSV UTF-8",
    ),
    "source.foreign?xml": ("a file of XML or HTML; JSON or CSV expected", "файл XML или HTML; ожидается JSON или CSV"),
    "source.foreign?gzip": (
        "compressed by gzip; unpack it, or give the file by its name",
        "сжато gzip; распакуйте или укажите файл по имени",
    ),
    "source.foreign?parquet": (
        "a Parquet file; give it by its name, without --from",
        "файл Parquet; укажите его по имени, без --from",
    ),
    "source.foreign?arrow": (
        "a file of Arrow IPC; give it by its name, without --from",
        "файл Arrow IPC; укажите его по имени, без --from",
    ),
    "source.format": (
        "its name says no format, --from {formats} expected",
        "по имени файла формат не определить, ожидается --from {formats}",
    ),
    "source.kind": (
        "no page, template or script by its name, so it is not checked; --stdin-name reads it as one",
        "по имени не страница, не шаблон и не скрипт, поэтому не проверяется; --stdin-name прочитает как нужно",
    ),
    "source.nothing": (
        "nothing to check: no page, template or script in these paths",
        "проверять нечего: в этих путях нет страниц, шаблонов и скриптов",
    ),
    "source.toml": ("not valid TOML, tables of pages expected", "некорректный TOML, ожидаются таблицы страниц"),
    "source.toml?line": (
        "not valid TOML at line {line}, column {column}; tables of pages expected",
        "некорректный TOML, строка {line}, столбец {column}; ожидаются таблицы страниц",
    ),
    # Sites
    "source.yaml": ("not valid YAML, a mapping of pages expected", "некорректный YAML, ожидается словарь страниц"),
    "source.yaml?line": (
        "not valid YAML at line {line}, column {column}; a mapping of pages expected",
        "некорректный YAML, строка {line}, столбец {column}; ожидается словарь страниц",
    ),
    "pattern.missing": (
        "absent, but required: the path of a page or a pattern such as shop/**",
        "отсутствует, но обязательно: путь страницы или шаблон вроде shop/**",
    ),
    "pattern.shape": (
        "no path within the site and no pattern, one like shop/index.html or shop/** expected",
        "не путь внутри сайта и не шаблон, ожидается вид shop/index.html или shop/**",
    ),
    "pattern.twice": (
        "the same path or pattern again, each once expected",
        "путь или шаблон повторяется, каждый ожидается один раз",
    ),
    "site.no_pages": (
        "no page matched, at least one expected; --allow-empty says that none is fine",
        "не найдено ни одной страницы, ожидается хотя бы одна; --allow-empty разрешает и ни одной",
    ),
    "site.no_customers": (
        "no customer for any of its pages ({count}), at least for one expected; --allow-empty says that none is fine",
        "ни для одной из страниц ({count}) нет покупателя, ожидается хотя бы для одной; --allow-empty разрешает и это",
    ),
    "option.unknown": ("no such option", "такого параметра нет"),
    "option.unknown?suggestion": (
        "no such option, did you mean {suggestion}",
        "такого параметра нет, возможно, имелось в виду {suggestion}",
    ),
    "option.value": ("no such value, {expected} expected", "такого значения нет, ожидается {expected}"),
    "option.value?suggestion": (
        "no such value, did you mean {suggestion}",
        "такого значения нет, возможно, имелось в виду {suggestion}",
    ),
    "option.type": (
        "not a mapping of names to values, one expected",
        "не словарь «имя — значение», ожидается словарь",
    ),
    "option.twice": (
        "given twice, in different letter case; once expected",
        "указано дважды, в разном регистре; ожидается один раз",
    ),
    "option.import": (
        "cannot be imported ({error}), the dotted path of a function expected",
        "не импортируется ({error}), ожидается путь к функции через точки",
    ),
    "option.import?name": (
        "no {name} in the module {module}, the dotted path of a function expected",
        "в модуле {module} нет {name}, ожидается путь к функции через точки",
    ),
    "option.import?module": (
        "no module {module}, the dotted path of a function expected",
        "нет модуля {module}, ожидается путь к функции через точки",
    ),
    "option.callable": (
        "not callable, a function or its dotted path expected",
        "нельзя вызвать, ожидается функция или путь к ней через точки",
    ),
    "option.async": ("an async function, an ordinary one expected", "асинхронная функция, ожидается обычная"),
    "option.customer": (
        "absent, but needed wherever no customer is passed",
        "отсутствует, но нужно там, где покупатель не передан",
    ),
    "option.urls": (
        "nothing answers for the deferred card, {expected} expected",
        "карточку по отдельному запросу никто не отдаёт, ожидается {expected}",
    ),
    "option.installed": (
        "installed in this application already, once expected",
        "уже подключено к этому приложению, ожидается один раз",
    ),
    "option.taken": (
        "the name stands for something else in this environment already",
        "имя в этом окружении уже занято другим",
    ),
    # Where a block must not stand
    "cache.fragment": (
        "inside a cached fragment, which other visitors get too; a place outside of it expected",
        "внутри кешируемого фрагмента, который получат и другие; ожидается место вне его",
    ),
    "cache.stored": (
        "a page or fragment with a block was about to be cached for other visitors: not stored; "
        "a response that is private, response_filter=cacheable or no cache here expected",
        "страница или фрагмент с блоком попали бы в кеш для других: не сохранено; "
        "ожидается ответ с пометкой private, response_filter=cacheable или работа без кеша",
    ),
    "cache.served": (
        "a block of another visitor came out of a store: taken out; rendered pages kept out of stores expected",
        "из хранилища пришёл блок другого посетителя: убран; ожидается, что готовые страницы не хранятся",
    ),
    "request.not_loaded": (
        "the customer function is async and has not run yet, await load(request) before rendering expected",
        "функция покупателя асинхронная и ещё не вызвана, ожидается await load(request) до отрисовки",
    ),
    "request.missing": (
        "no request in the template's context: render with the request, import macros with context",
        "в контексте шаблона нет request: передайте его, а макросы импортируйте с контекстом",
    ),
    "response.sent": (
        "the headers of the response are out already, prepare(request) before streaming expected",
        "заголовки ответа уже отправлены, ожидается prepare(request) до потоковой передачи",
    ),
    "response.unwatched": (
        "nothing here can keep the response out of shared caches, the door's middleware expected",
        "ответ некому уберечь от общих кешей, ожидается промежуточный слой этой интеграции",
    ),
    "site.failed": ("the site's own code raised {error}", "код сайта вызвал {error}"),
    "dependency.missing": (
        "{package} is needed: pip install '{requirement}'",
        "нужен пакет {package}: pip install '{requirement}'",
    ),
    # Warnings
    "soft_link.email": (
        "an e-mail address, which the vendor forbids as a soft link",
        "адрес электронной почты, сервис запрещает его в мягких ссылках",
    ),
    "custom_data.key_unsafe": (
        "its key has one of & = # ? % + or a control character, which may not survive the tracker's query",
        "в ключе есть & = # ? % + или управляющий символ, трекер может исказить его в запросе",
    ),
    "email.placeholder": (
        "looks made up, the customer's own address or none expected",
        "похоже на выдуманный адрес, ожидается настоящий или никакого",
    ),
    "consent.not_unsubscribe": (
        "false does not unsubscribe someone who is already subscribed",
        "false не отписывает того, кто уже подписан",
    ),
    "consent.assumed": ("None, about to be sent as true", "None, будет отправлено как true"),
    "column.left_out": (
        "column {column} is left out, although it looks like {suggestion}; --map uses it, or leaves it out in silence",
        "столбец {column} пропущен, хотя похож на {suggestion}; --map использует его или пропустит молча",
    ),
    "customer_id.placeholder": (
        "looks like no id, and would make one person of many",
        "не похоже на идентификатор, под ним сольются разные люди",
    ),
    "customer_id.space": (
        "white space around it, or invisible characters in it; sent as it is",
        "пробелы по краям или невидимые символы внутри; передаётся как есть",
    ),
    "stock_id.space": (
        "white space around it, or invisible characters in it; the feed has to have the same",
        "пробелы по краям или невидимые символы внутри; в фиде должны быть такие же",
    ),
    "phone.placeholder": (
        "looks made up, all digits alike",
        "похоже на выдуманный номер, все цифры одинаковы",
    ),
    "email.mixed_scripts": (
        "both Latin and Cyrillic letters in one word, which look alike",
        "латинские и русские буквы в одном слове, их легко спутать",
    ),
    "customer_id.repeated": (
        "ids that occur more than once: {count}; each customer once expected",
        "идентификаторов, которые повторяются: {count}; каждый покупатель ожидается один раз",
    ),
    "page.outdated": (
        "without its block or with another, rr-snippet inject --if-present replace brings it up to date",
        "без своего блока или с чужим, rr-snippet inject --if-present replace обновит",
    ),
    "page.leftover": (
        "a block that is not this page's any more, --if-present replace swaps it or takes it out",
        "блок, который этой странице уже не принадлежит; --if-present replace заменит или уберёт его",
    ),
    "page.template": (
        "a template and no page, its blocks would be everybody's; --allow-templates says that it is a page",
        "шаблон, а не страница: блок достался бы всем; --allow-templates подтверждает, что это страница",
    ),
    "pattern.unused": ("decides about no page of the site", "не относится ни к одной странице сайта"),
    "site.link": (
        "a symbolic link that leads out of the site, left alone",
        "символическая ссылка ведёт за пределы сайта, не тронута",
    ),
    "site.personal": (
        "customers' data goes into files that whoever may fetch them can read; {option} says that this is meant",
        "данные покупателей попадают в файлы, которые прочитает любой, кто может их получить; "
        "{option} подтверждает, что так и надо",
    ),
    "file.stale_copy": (
        "the {suffix} copy beside it is of the page as it was, make it again",
        "копия {suffix} рядом с ней устарела, создайте её заново",
    ),
    "file.hard_link": (
        "has another name (a hard link), under which it stays as it was",
        "у файла есть другое имя (жёсткая ссылка), под ним он остался прежним",
    ),
}


def message_text(code: str, language: str, details: Mapping[str, str | int]) -> str:
    """Return the message of `code` in `language` (`en` or `ru`), with `details` put into its places."""
    return message_form(code, details, language).format_map(details)


def message_form(code: str, details: Iterable[str], language: str) -> str:
    """Return the message of `code` with the places for `details` still open."""
    form = next((f"{code}?{word}" for word in details if f"{code}?{word}" in MESSAGES), code)
    return MESSAGES[form][_INDEX[language]]
