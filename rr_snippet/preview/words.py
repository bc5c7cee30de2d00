"""The words of the page in English and Russian. `messages.py` has the words for problems."""

from __future__ import annotations

from typing import Final

from rr_snippet.errors import Language

WORDS: Final[dict[str, tuple[str, str]]] = {
    "title": ("Preview of setCustomer", "Предпросмотр setCustomer"),
    "lead": (
        "Enter a customer and see the block, the problems, and what the tracker gets. Nothing leaves this computer.",
        "Введите данные покупателя и посмотрите на блок, ошибки и то, что получит трекер. "
        "Данные не покидают этот компьютер.",
    ),
    "skip": ("To the result", "К результату"),
    "checking": ("Checking…", "Проверяется…"),
    "language": ("Русский", "English"),
    "examples": ("Examples", "Примеры"),
    "example.no-region": ("without regions", "без регионов"),
    "example.region": ("with regions", "с регионами"),
    "example.hostile": ("hostile data", "опасные данные"),
    "example.wrong": ("with mistakes", "с ошибками"),
    "example.empty": ("empty form", "пустая форма"),
    "customer": ("The customer", "Покупатель"),
    "mode.form": ("Form", "Форма"),
    "mode.json": ("JSON or CSV", "JSON или CSV"),
    "mode.block": ("Paste a block", "Вставить блок"),
    "render": ("Show the result", "Показать результат"),
    "form.behind": (
        "The form shows an earlier customer. It follows once the other tab holds one that a form can show.",
        "В форме прежний покупатель. Она обновится, когда на другой вкладке будет тот, которого форма может показать.",
    ),
    "json.behind": (
        "The result is about another tab. This text is kept as it was.",
        "Результат относится к другой вкладке. Этот текст остался как был.",
    ),
    "json.call": ("Code belongs into the tab Paste a block.", "Коду место на вкладке «Вставить блок»."),
    "json.label": ("JSON, JSON Lines or CSV", "JSON, JSON Lines или CSV"),
    "json.hint": (
        "One JSON object with the vendor's field names or Python's, or many customers: an array, JSON Lines, CSV with "
        "a header. The form follows as you type.",
        "Один объект JSON с именами полей сервиса или Python либо много покупателей: массив, JSON Lines, CSV "
        "с заголовком. Форма обновляется следом.",
    ),
    "line": ("line {number}", "строка {number}"),
    "file": ("Choose a file", "Выбрать файл"),
    "file.drop": ("or drop one anywhere on the page.", "или перетащите его на страницу."),
    "file.read": ("Read: {name}", "Прочитан: {name}"),
    "file.read.as": ("Read as {encoding}: {name}", "Прочитан в кодировке {encoding}: {name}"),
    "file.large": ("Too large, at most 1 MB: {name}", "Слишком большой, не больше 1 МБ: {name}"),
    "records": ("Customers in the text: {count}. Shown:", "Покупателей в тексте: {count}. Показан:"),
    "records.bad": ("Rejected among those listed: {count}.", "Из перечисленных отклонено: {count}."),
    "block.hint": (
        "A block of this library, or correct code by hand, is read into the form. For any other code or page you see "
        "what is wrong with it.",
        "Блок этой библиотеки и верный код, написанный вручную, читаются в форму. Для любого другого кода или "
        "страницы видно, что в них не так.",
    ),
    "block.read": ("Read it", "Прочитать"),
    "block.ours": ("A block of this library, read back.", "Блок этой библиотеки, прочитан."),
    "block.foreign": (
        "Correct. Differs from a block of this library only in form:",
        "Верно. От блока этой библиотеки отличается только формой:",
    ),
    "differs.frame": ("the code around setCustomer", "код вокруг setCustomer"),
    "differs.order": ("the order of the fields", "порядок полей"),
    "differs.consent": (
        "consent is left out, which means true; this library writes it",
        "согласие не указано, а это значит true; библиотека его пишет",
    ),
    "differs.absent": (
        "empty fields are written; this library leaves them out",
        "пустые поля записаны; библиотека их опускает",
    ),
    "differs.spelling": (
        "spaces, quotes, and how characters are written",
        "пробелы, кавычки и запись символов",
    ),
    "block.label": ("Block, script or page", "Блок, скрипт или страница"),
    "block.clean": ("The check has found nothing.", "Проверка замечаний не нашла."),
    "block.findings": ("What the check has found", "Что нашла проверка"),
    "block.corrected": ("As this library would write it", "Как его написала бы эта библиотека"),
    "block.gaps": (
        "Put your own values in the place of each comment. Until then the code does nothing.",
        "На место каждого комментария поставьте свои значения. До этого код ничего не делает.",
    ),
    "block.place": ("line {line}, column {column}", "строка {line}, столбец {column}"),
    "severity.error": ("error", "ошибка"),
    "severity.warning": ("warning", "предупреждение"),
    "severity.note": ("note", "замечание"),
    "why": ("why, and what to do", "почему и что делать"),
    "required": ("required", "обязательно"),
    "label.customerId": ("Customer's id in your shop", "Идентификатор покупателя в магазине"),
    "label.email": ("E-mail", "Электронная почта"),
    "label.phone": ("Phone", "Телефон"),
    "label.customData": ("More about the customer", "Ещё о покупателе"),
    "label.defaultStockId": ("Region", "Регион"),
    "label.softLinks": ("The same person elsewhere", "Тот же человек в других местах"),
    "label.mobilePushSubscription": ("Push notifications on a phone", "Push-уведомления на телефон"),
    "label.push-isDevEnvironment": ("Apple's development environment", "Среда разработки Apple"),
    "label.push-creationTimestamp": ("Subscribed at", "Время подписки"),
    "label.push-applicationId": ("Application", "Приложение"),
    "label.push-fcmProjectId": ("Firebase project", "Проект Firebase"),
    "label.push-token": ("Token", "Токен"),
    "label.isAgreedToReceiveMarketingMail": ("Consent to marketing mail", "Согласие на рассылки"),
    "customerId": ("Sent as written.", "Передаётся без изменений."),
    "email": (
        "For example name@shop.ru, at most 254 characters. Sent as written.",
        "Например, name@shop.ru, не больше 254 символов. Передаётся без изменений.",
    ),
    "phone": (
        "7 to 15 digits: +7 (111) 222-33-44 or 71112223344.",
        "От 7 до 15 цифр: +7 (111) 222-33-44 или 71112223344.",
    ),
    "customData": (
        "Each entry has a name that is not blank, and any text as its value.",
        "У каждой записи непустое имя и любой текст в качестве значения.",
    ),
    "customData.key": ("Name", "Имя"),
    "customData.value": ("Value", "Значение"),
    "customData.add": ("Add an entry", "Добавить запись"),
    "defaultStockId": (
        "The region's id as in the product feed, at most 50 characters. With it the block is the one with regions.",
        "Идентификатор региона, как в товарном фиде, не больше 50 символов. Если он указан, блок будет с регионами.",
    ),
    "softLinks": (
        "Other marks of this person, such as a loyalty card. Each name once, no e-mail addresses.",
        "Другие признаки этого человека, например карта лояльности. Каждое имя один раз, без адресов почты.",
    ),
    "softLinks.name": ("Name", "Имя"),
    "softLinks.value": ("Value", "Значение"),
    "softLinks.add": ("Add a soft link", "Добавить softLink"),
    "remove": ("Remove row {number}", "Убрать строку {number}"),
    "restore": ("Put the removed row back", "Вернуть убранную строку"),
    "row": ("Row {number}", "Строка {number}"),
    "push.kind": (
        "At most one subscription; all its fields are required.",
        "Не больше одной подписки; все её поля обязательны.",
    ),
    "push.kind.label": ("Kind", "Вид"),
    "push.none": ("none", "нет"),
    "push.isDevEnvironment": ("True for a test build.", "True для тестовой сборки."),
    "push.creationTimestamp": (
        "RFC 3339 with an offset: 2025-03-31T11:03:02.3564674+03:00. Sent as written.",
        "RFC 3339 со смещением: 2025-03-31T11:03:02.3564674+03:00. Передаётся без изменений.",
    ),
    "push.applicationId": ("The id of the mobile application.", "Идентификатор мобильного приложения."),
    "push.fcmProjectId": ("The id of the project in Firebase.", "Идентификатор проекта в Firebase."),
    "push.token": ("What the push service gave to the phone.", "Его телефон получил от push-сервиса."),
    "consent": (
        "False does not unsubscribe someone who is already subscribed.",
        "False не отписывает того, кто уже подписан.",
    ),
    "consent.true": ("true, agreed", "true, согласие есть"),
    "consent.false": ("false, not agreed", "false, согласия нет"),
    "consent.absent": ("left out, sent as true", "не указано, уйдёт true"),
    "choice.absent": ("not chosen", "не выбрано"),
    "options": ("Options", "Настройки"),
    "option.phone_region": ("Country of phones without a +", "Страна для телефонов без +"),
    "option.phone_region.hint": (
        "Two letters, such as RU. Phones are then sent as +71112223344.",
        "Две буквы, например RU. Тогда телефоны передаются в виде +71112223344.",
    ),
    "option.nonce": ("Nonce of the page", "Nonce страницы"),
    "option.nonce.hint": (
        "For pages with a Content-Security-Policy; new in every response.",
        "Для страниц с Content-Security-Policy; в каждом ответе новый.",
    ),
    "option.require_consent": ("Consent is required", "Согласие обязательно"),
    "option.pretty": ("The object spread over lines", "Объект на нескольких строках"),
    "option.debug": ("Errors go to the console", "Ошибки выводятся в консоль"),
    "result": ("The result", "Результат"),
    "problems": ("Problems", "Ошибки"),
    "warnings": ("Warnings", "Предупреждения"),
    "summary.good": ("The block is ready: {bytes} bytes.", "Блок готов: {bytes} Б."),
    "summary.foreign": (
        "The pasted code is correct. As a block of this library it has {bytes} bytes.",
        "Вставленный код верен. Как блок этой библиотеки — {bytes} Б.",
    ),
    "summary.warned": ("Warnings: {warnings}.", "Предупреждений: {warnings}."),
    "summary.bad": ("No block. Problems: {problems}.", "Блока нет. Ошибок: {problems}."),
    "summary.faulty": ("The pasted code has errors: {problems}.", "Во вставленном коде ошибок: {problems}."),
    "summary.unknown": (
        "Nothing is wrong with the pasted code. It holds no customer that could be shown.",
        "Во вставленном коде ошибок нет. Покупателя, которого можно показать, в нём нет.",
    ),
    "summary.empty": (
        "Nothing entered yet. The customer's id is all that is required.",
        "Пока ничего не введено. Обязателен только идентификатор покупателя.",
    ),
    "summary.lost": ("The preview does not answer. Is it still running?", "Предпросмотр не отвечает. Он ещё запущен?"),
    "summary.refused": ("The preview has refused this: more than it takes.", "Предпросмотр не принял: слишком много."),
    "more": ("And {count} more.", "И ещё {count}."),
    "block": ("The block", "Блок"),
    "block.exact": ("Exactly as it stands in the page.", "Точно так он стоит на странице."),
    "block.size": (
        "Its object has {chars} characters of at most {limit}.",
        "В его объекте символов: {chars} из {limit}.",
    ),
    "block.escapes": (
        "Codes such as \\u0410 stand for letters and signs: the browser reads them as those, and no value "
        "can break the page or run as code.",
        "Записи вида \\u0410 стоят на месте букв и знаков: браузер читает их как сами символы, и никакое значение "
        "не может сломать страницу или выполниться как код.",
    ),
    "download": ("Download as a file", "Скачать файлом"),
    "known": ("What the tracker will know", "Что узнает трекер"),
    "known.customData": ("Also known", "Также известно"),
    "known.softLinks": ("The same person as", "Это тот же человек, что"),
    "known.fcmSubscription": (
        "Android (Firebase), application {application}",
        "Android (Firebase), приложение {application}",
    ),
    "known.apnsSubscription": (
        "iPhone or iPad (Apple), application {application}",
        "iPhone или iPad (Apple), приложение {application}",
    ),
    "known.huaweiSubscription": ("Huawei, application {application}", "Huawei, приложение {application}"),
    "known.consent.true": ("given: mail may be sent", "дано: письма отправлять можно"),
    "known.consent.false": (
        "not given: nobody is subscribed by this; someone who is already subscribed stays so",
        "не дано: подписки не будет, но кто уже подписан, подписанным и останется",
    ),
    "known.consent.none": ("not mentioned, which counts as given", "не указано, а это считается согласием"),
    "known.missing": ("Not told", "Не сообщается"),
    "variants": ("With regions and without, line by line", "С регионами и без, построчно"),
    "variants.hint": ("What differs is marked.", "Различия отмечены."),
    "variant.region": ("With regions", "С регионами"),
    "variant.no-region": ("Without regions", "Без регионов"),
    "variant.own": ("this customer's", "этого покупателя"),
    "variant.other": ("to compare only", "только для сравнения"),
    "variant.placeholder": (
        "STOCK-ID stands for the region, which is not given.",
        "STOCK-ID — на месте региона, который не указан.",
    ),
    "variant.dropped": ("Without the region of this customer.", "Без региона этого покупателя."),
    "variant.same": ("The block above.", "Блок, что выше."),
    "copy": ("Copy", "Копировать"),
    "copied": ("Copied", "Скопировано"),
    "received": ("Received by the tracker", "Что получил трекер"),
    "received.hint": (
        "The block has been run in a sandbox against a stand-in for the tracker.",
        "Блок выполнен в песочнице с заглушкой вместо трекера.",
    ),
    "received.same": ("setCustomer got exactly this customer.", "setCustomer получил именно этого покупателя."),
    "received.other": ("setCustomer got something else.", "setCustomer получил что-то другое."),
    "received.noscript": (
        "Without JavaScript the block cannot be run; this is the object that stands in it.",
        "Без JavaScript блок не выполнить; вот объект, который в нём стоит.",
    ),
    "code": ("The same in code", "То же в коде"),
    "code.python": ("Python", "Python"),
    "code.django": ("Django", "Django"),
    "code.jinja": ("Jinja2", "Jinja2"),
    "given": ("The customer as given", "Покупатель, как он задан"),
    "static.made": ("Made by rr-snippet {version} on {date}.", "Создано rr-snippet {version}, {date}."),
    "static.private": (
        "This file holds the customer's personal data.",
        "В этом файле персональные данные покупателя.",
    ),
    "footer": (
        "A tool of rr-snippet {version}, not affiliated with Retail Rocket. Stop it with Ctrl-C in its terminal.",
        "Инструмент rr-snippet {version}, не связан с Retail Rocket. Остановить: Ctrl-C в терминале.",
    ),
    "terminal.open": (
        "the preview is open in the browser at this address; Ctrl-C ends it",
        "предпросмотр открыт в браузере по этому адресу; завершить: Ctrl-C",
    ),
    "terminal.serves": (
        "the preview answers at this address; Ctrl-C ends it",
        "предпросмотр отвечает по этому адресу; завершить: Ctrl-C",
    ),
    "terminal.written": (
        "{target}: written, {bytes} bytes; the file shows customer {number} of {count} and holds personal data",
        "{target}: записано, {bytes} Б; в файле покупатель {number} из {count}, это персональные данные",
    ),
}


class Words:
    """The words of the page in one language."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._index = 0 if language == "en" else 1

    def __call__(self, key: str, **details: str | int) -> str:
        """Return the text of `key` with `details` filled in."""
        return WORDS[key][self._index].format_map(details)

    def number(self, value: int) -> str:
        """Return a number in the notation of the language."""
        return f"{value:,}".replace(",", "," if self._index == 0 else "\N{NO-BREAK SPACE}")
