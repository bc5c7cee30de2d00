"""What the page says, in English and in Russian; what is wrong with a customer is said by `messages.py`."""

from __future__ import annotations

from typing import Final

from rr_snippet.errors import Language

WORDS: Final[dict[str, tuple[str, str]]] = {
    "title": ("Preview of setCustomer", "Предпросмотр setCustomer"),
    "lead": (
        "Try a customer and see the block, what is wrong, and what the tracker gets. Nothing leaves this computer.",
        "Попробуйте покупателя: блок, ошибки и то, что получит трекер. Данные не покидают этот компьютер.",
    ),
    "skip": ("To the result", "К результату"),
    "language": ("Русский", "English"),
    "examples": ("Examples", "Примеры"),
    "example.no-region": ("without regions", "без регионов"),
    "example.region": ("with regions", "с регионами"),
    "example.hostile": ("hostile data", "враждебные данные"),
    "example.wrong": ("with mistakes", "с ошибками"),
    "example.empty": ("empty form", "пустая форма"),
    "customer": ("The customer", "Покупатель"),
    "mode.form": ("Form", "Форма"),
    "mode.json": ("JSON", "JSON"),
    "mode.block": ("Paste a block", "Вставить блок"),
    "render": ("Show the result", "Показать результат"),
    "form.behind": (
        "The form shows an earlier customer: it follows once the other tab holds one that a form can show.",
        "В форме прежний покупатель: она обновится, когда на другой вкладке будет тот, которого форма может показать.",
    ),
    "json.behind": (
        "The text shows an earlier customer: the other tab holds none.",
        "В тексте прежний покупатель: на другой вкладке его нет.",
    ),
    "json.hint": (
        "One JSON object with the vendor's names, or Python's. As you type, the form follows.",
        "Один объект JSON с именами сервиса или Python. Форма обновляется следом.",
    ),
    "block.hint": (
        "A block of this library is read back into the form. Of any other block, script or page you see what is wrong.",
        "Блок этой библиотеки читается обратно в форму. Про любой другой блок, скрипт или страницу — что в нём не так.",
    ),
    "block.read": ("Read it", "Прочитать"),
    "block.ours": ("A block of this library, read back.", "Блок этой библиотеки, прочитан."),
    "block.label": ("Block, script or page", "Блок, скрипт или страница"),
    "block.clean": ("The checker has nothing to say.", "Проверка замечаний не нашла."),
    "block.findings": ("What the checker says", "Что говорит проверка"),
    "block.corrected": ("As this library would write it", "Как его написала бы эта библиотека"),
    "block.place": ("line {line}, column {column}", "строка {line}, столбец {column}"),
    "severity.error": ("error", "ошибка"),
    "severity.warning": ("warning", "предупреждение"),
    "severity.note": ("note", "замечание"),
    "required": ("required", "обязательно"),
    "customerId": ("Your own id of the customer. Sent as written.", "Ваш идентификатор покупателя. Как написан."),
    "email": (
        "name@shop.ru, at most 254 characters. Sent as written.",
        "Вид name@shop.ru, не больше 254 символов. Как написан.",
    ),
    "phone": (
        "7 to 15 digits, as +7 (111) 222-33-44 or 71112223344.",
        "От 7 до 15 цифр, вид +7 (111) 222-33-44 или 71112223344.",
    ),
    "customData": (
        "More about the customer: a name that is not blank, any text as its value.",
        "Ещё о покупателе: непустое имя и любой текст.",
    ),
    "customData.key": ("Name", "Имя"),
    "customData.value": ("Value", "Значение"),
    "customData.add": ("Add custom data", "Добавить данные"),
    "defaultStockId": (
        "The region's id as in the product feed, at most 50 characters. Makes it the block with regions.",
        "Идентификатор региона как в товарной базе, не больше 50 символов. С ним блок — с регионами.",
    ),
    "softLinks": (
        "Other marks of the same person, such as a loyalty card. Each name once, no e-mail addresses.",
        "Другие признаки того же человека, например карта лояльности. Каждое имя один раз, без адресов почты.",
    ),
    "softLinks.name": ("Name", "Имя"),
    "softLinks.value": ("Value", "Значение"),
    "softLinks.add": ("Add a soft link", "Добавить ссылку"),
    "remove": ("Remove row {number}", "Убрать строку {number}"),
    "row": ("Row {number}", "Строка {number}"),
    "push.kind": (
        "At most one subscription; all its fields are required.",
        "Не больше одной подписки; все её поля обязательны.",
    ),
    "push.kind.label": ("Kind", "Вид"),
    "push.none": ("none", "нет"),
    "push.isDevEnvironment": ("For Apple's development environment or not.", "Для среды разработки Apple или нет."),
    "push.creationTimestamp": (
        "RFC 3339 with an offset, as 2025-03-31T11:03:02.3564674+03:00. Sent as written.",
        "RFC 3339 со смещением, вид 2025-03-31T11:03:02.3564674+03:00. Как написано.",
    ),
    "push.applicationId": ("The id of the application.", "Идентификатор приложения."),
    "push.fcmProjectId": ("The Firebase project.", "Проект Firebase."),
    "push.token": ("The push token.", "Токен."),
    "consent": (
        "Consent to marketing mail. False does not unsubscribe someone who is already subscribed.",
        "Согласие на рассылки. False не отписывает того, кто уже подписан.",
    ),
    "consent.true": ("true, agreed", "true, согласие есть"),
    "consent.false": ("false, not agreed", "false, согласия нет"),
    "consent.absent": ("left out, sent as true", "не указано, уйдёт true"),
    "choice.absent": ("not chosen", "не выбрано"),
    "result": ("The result", "Результат"),
    "problems": ("Problems", "Ошибки"),
    "warnings": ("Warnings", "Предупреждения"),
    "summary.good": ("The block is ready: {bytes} bytes.", "Блок готов: {bytes} Б."),
    "summary.warned": (
        "The block is ready: {bytes} bytes. Warnings: {warnings}.",
        "Блок готов: {bytes} Б. Предупреждений: {warnings}.",
    ),
    "summary.bad": ("No block. Problems: {problems}.", "Блока нет. Ошибок: {problems}."),
    "summary.lost": (
        "The preview does not answer. Is it still running?",
        "Предпросмотр не отвечает. Он ещё запущен?",
    ),
    "summary.refused": (
        "The preview has refused this: more than it takes.",
        "Предпросмотр не принял: слишком много.",
    ),
    "more": ("And {count} more.", "И ещё {count}."),
    "blocks": ("The block in both variants", "Блок в обоих вариантах"),
    "pretty": ("Spread over lines", "Разложить по строкам"),
    "variant.region": ("With regions", "С регионами"),
    "variant.no-region": ("Without regions", "Без регионов"),
    "variant.own": ("this customer's", "этого покупателя"),
    "variant.other": ("to compare only", "только для сравнения"),
    "variant.exact": ("As it stands in the page.", "Такой, как на странице."),
    "variant.placeholder": (
        "STOCK-ID stands for the region, which is not given.",
        "STOCK-ID — на месте региона, который не указан.",
    ),
    "variant.dropped": (
        "Without the region of this customer.",
        "Без региона этого покупателя.",
    ),
    "copy": ("Copy", "Копировать"),
    "copied": ("Copied", "Скопировано"),
    "received": ("Received by the tracker", "Что получил трекер"),
    "received.hint": (
        "The block has been run in a sandbox against a stand-in for the tracker.",
        "Блок выполнен в песочнице с заменителем трекера.",
    ),
    "received.same": ("setCustomer got exactly this customer.", "setCustomer получил именно этого покупателя."),
    "received.other": ("setCustomer got something else.", "setCustomer получил что-то другое."),
    "received.noscript": (
        "Without JavaScript the block cannot be run; this is the object that stands in it.",
        "Без JavaScript блок не выполнить; вот объект, который в нём стоит.",
    ),
    "sizes": ("Sizes", "Размеры"),
    "sizes.block": ("Block, bytes", "Блок, байт"),
    "sizes.spread": ("Spread over lines, bytes", "Разложенный по строкам, байт"),
    "sizes.payload": ("Object, characters of at most {limit}", "Объект, символов из {limit}"),
    "code": ("The same in code", "То же в коде"),
    "code.python": ("Python", "Python"),
    "code.django": ("Django", "Django"),
    "code.jinja": ("Jinja2", "Jinja2"),
    "static.made": ("Made by rr-snippet {version}.", "Создано rr-snippet {version}."),
    "static.private": (
        "This file holds the customer's personal data.",
        "В этом файле персональные данные покупателя.",
    ),
    "footer": (
        "A tool of rr-snippet {version}, not affiliated with Retail Rocket. Stop it with Ctrl-C in its terminal.",
        "Инструмент rr-snippet {version}, не связан с Retail Rocket. Остановить: Ctrl-C в терминале.",
    ),
}


class Words:
    """What the page says, in one language."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._index = 0 if language == "en" else 1

    def __call__(self, key: str, **details: str | int) -> str:
        """Return the text of `key`, with `details` put into its places."""
        return WORDS[key][self._index].format_map(details)

    def number(self, value: int) -> str:
        """Return a number as the language writes it."""
        return f"{value:,}".replace(",", "," if self._index == 0 else "\N{NO-BREAK SPACE}")
