"""The help in Russian: commands by their names, options and words by their English texts."""

from __future__ import annotations

import re
from inspect import cleandoc
from typing import Final

from rr_snippet.cli._speech import language

_COMMANDS: Final = {
    "rr-snippet": """
    Блок setCustomer для страниц магазина на Retail Rocket: проверенный, экранированный, точный до байта.

    Результаты идут в стандартный вывод, всё остальное в стандартный вывод ошибок. Ни одно сообщение не показывает
    данных покупателя.

    Коды возврата: 0 готово, 1 есть замечания или отклонённые покупатели, 2 неверный вызов или вход не прочитать
    целиком, 3 не удалось прочитать или записать часть файлов, 130 прервано.
    """,
    "render": """
    Напечатать блок каждого покупателя из ФАЙЛА: JSON, JSON Lines, CSV, Parquet, Arrow IPC. Знак - означает
    стандартный ввод.

    Об отклонённых покупателях сообщает стандартный вывод ошибок, остальные печатаются в любом случае.
    """,
    "validate": """
    Сообщить обо всех ошибках во всех покупателях каждого ФАЙЛА и предупредить о подозрительном. Знак -
    означает стандартный ввод.

    Коды возврата: 0 всё верно (предупреждения допустимы), 1 есть отклонённые покупатели, 2 вход не прочитать, 3 не
    прочитать часть файлов.
    """,
    "inject": """
    Вставить блоки в готовые страницы из папки САЙТ, каждый туда, где его выполнит браузер.

    Покупатель страницы берётся из --customers (имя страницы сильнее шаблона); иначе из файла страница.html.rr.json
    рядом с ней; иначе из --customer. Все покупатели проверяются до того, как изменится первая страница. В шаблонах *
    означает любую часть имени, ** любые папки. Неизменённые страницы сохраняют дату, и страница всегда цела: прерванный
    запуск продолжит следующий.

    Коды возврата: 0 готово; 1 есть отклонённые покупатели, отклонённые страницы при --on-refuse fail или изменения
    при --check; 2 неверный вызов или нет страниц; 3 часть страниц не удалось прочитать или записать.
    """,
    "bulk": """
    Превратить всех покупателей из ИСТОЧНИКОВ (JSON Lines, CSV, Parquet, Arrow IPC) в строки РЕЗУЛЬТАТА.

    РЕЗУЛЬТАТ становится одним файлом, если его имя оканчивается на .jsonl или .parquet, иначе папкой с частями. В
    строке есть customerId, snippet, error (null или список из code, path и message) и row, номер строки или записи в
    источнике. Как бы ни прервался запуск, та же команда продолжит его и не повторит сделанного.

    Коды возврата: 0 готово всё; 1 есть отклонённые строки, в том числе больше, чем разрешает --max-errors (тогда один
    файл не записывается); 2 неверный вызов или источник не прочитать; 3 файл не удалось прочитать или записать по ходу
    работы.
    """,
    "check": """
    Сообщить обо всех ошибках в вызовах Retail Rocket на страницах, в шаблонах, скриптах и папках; ПУТЬ - означает
    стандартный ввод.

    Настройки берутся из раздела [tool.rr-snippet] ближайшего pyproject.toml: select, ignore, exclude (относительно
    этого файла), force-exclude, fail-on, rendered.

    Коды возврата: 0 замечаний нет, 1 замечания есть, 2 неверный вызов, файл неизвестного вида или нечего читать, 3 не
    прочитать часть файлов.
    """,
    "preview": """
    Открыть страницу, где можно попробовать покупателя: блок, все ошибки и то, что получит трекер. Ctrl-C завершает её.

    Она доступна только на 127.0.0.1, по адресу с секретом. Ничего никуда не отправляется и не сохраняется. Страница
    говорит на языке браузера, если --lang не задаёт другой. Файл, сделанный с --static, показывает одного покупателя и
    содержит его персональные данные.

    Коды возврата: 130 завершено по Ctrl-C, 2 неверный вызов; с --static: 0 записано, 1 записано, но покупатель
    отклонён.
    """,
    "schema": "Напечатать JSON Schema (2020-12) покупателя, с обоими написаниями каждого имени.",
    "completion": """
    Напечатать скрипт, с которым ОБОЛОЧКА (bash, zsh или fish) дополняет команды, параметры, их значения и имена файлов.

    \b
    bash, в ~/.bashrc:                 eval "$(rr-snippet completion bash)"
    zsh, в ~/.zshrc после compinit:    eval "$(rr-snippet completion zsh)"
    fish, один раз:  rr-snippet completion fish > ~/.config/fish/completions/rr-snippet.fish
    """,
    "help": "Показать справку о КОМАНДЕ или обо всём.",
}

METAVARS: Final = {
    "OPTIONS": "ПАРАМЕТРЫ",
    "COMMAND": "КОМАНДА",
    "ARGS": "АРГУМЕНТЫ",
    "FILE": "ФАЙЛ",
    "SITE": "САЙТ",
    "SRC": "ИСТОЧНИК",
    "OUT": "РЕЗУЛЬТАТ",
    "PATH": "ПУТЬ",
    "SHELL": "ОБОЛОЧКА",
    "TEXT": "ТЕКСТ",
    "N": "ЧИСЛО",
    "NAME": "ИМЯ",
    "FIELD": "ПОЛЕ",
    "PATTERN": "ШАБЛОН",
    "WORDS": "СЛОВА",
    "CODES": "КОДЫ",
    "CODE": "КОД",
    "CC": "СТРАНА",
}

RUSSIAN: Final = {
    "Usage:": "Вызов:",
    "Options": "Параметры",
    "Commands": "Команды",
    "Examples": "Примеры",
    "Try '{command} --help' for help.": "Справка: {command} --help",
    "reading standard input, {key} ends it": "читаю стандартный ввод, {key} завершит его",
    "default": "по умолчанию",
    "required": "обязательно",
    "Read by default in folders": "Из папок читаются",
    "Show this message and exit.": "Показать эту справку и выйти.",
    "Show the version and exit.": "Показать версию и выйти.",
    # The commands, in a word
    "Print the blocks of customers.": "Напечатать блоки покупателей.",
    "Report every problem of customers.": "Сообщить обо всех ошибках в данных покупателей.",
    "Put blocks into the pages of a built site.": "Вставить блоки в страницы собранного сайта.",
    "Render files of many customers, with several processes.": "Обработать большие файлы несколькими процессами.",
    "Report what is wrong with the calls in pages.": "Найти ошибки в вызовах на страницах.",
    "Try a customer in a page on this machine.": "Попробовать покупателя на странице этого компьютера.",
    "Print the JSON Schema of a customer.": "Напечатать JSON Schema покупателя.",
    "Print the script that lets a shell complete this command.": "Напечатать скрипт автодополнения для оболочки.",
    "Show the help of a command.": "Показать справку о команде.",
    # Speaking
    "Colour by severity.": "Выделять важность цветом.",
    "on a terminal, unless NO_COLOR is set": "в терминале, если не задано NO_COLOR",
    "English or Russian.": "Английский или русский язык.",
    "RR_SNIPPET_LANG, else LC_ALL, LC_MESSAGES, LANG": "RR_SNIPPET_LANG, затем LC_ALL, LC_MESSAGES, LANG",
    "How to report.": "Вид отчёта.",
    "Report errors only.": "Сообщать только об ошибках.",
    "Report every page.": "Сообщать о каждой странице.",
    # Inputs
    "The format of the input.": "Формат входа.",
    "by the file's name, else by how it begins": "по имени файла, иначе по его началу",
    "The encoding of the input, such as cp1251.": "Кодировка входа, например cp1251.",
    "What stands between CSV cells, such as ';' or 'tab'.": "Разделитель в CSV, например ';' или 'tab'.",
    "by the header": "по заголовку",
    "What a name in the input stands for: id=customerId, city=customData.city, card=softLinks.card; "
    "id= leaves it out. Can be repeated.": "Что означает имя на входе: id=customerId, city=customData.city, "
    "card=softLinks.card; id= пропускает его. Можно повторять.",
    "The same, NAME=FIELD on each line; # begins a comment.": "То же, по одному ИМЯ=ПОЛЕ в строке; # начинает "
    "комментарий.",
    "Leave out all other names that are no field's.": "Пропустить все прочие имена, если это не поля.",
    'Words for consent in CSV, to the letter: "yes,1=true;no,0=false".': "Слова согласия в CSV, буква в букву: "
    '"да,1=true;нет,0=false".',
    # Orders
    "The input is an order: JSON with transaction, items, and customer or guest.": "На входе заказ: JSON с "
    "transaction, items и customer или guest.",
    "That of an order with its customer or guest.": "Схему заказа с покупателем или гостем.",
    # Rules
    "Send phones as E.164; RU reads 8 911 ... as Russian.": "Передавать телефоны в E.164; с RU 8 911 ... читается как "
    "российский.",
    "How closely phones are looked at.": "Насколько строго проверять телефоны.",
    "Take off phones what spreadsheets put around and into them.": "Убирать из телефонов то, что добавляют таблицы.",
    "Leave out a faulty e-mail, phone, push subscription or entry.": "Пропускать неверные адрес, телефон, "
    "push-подписку или запись.",
    "Refuse customers without a consent of true or false.": "Отклонять покупателей без согласия true или false.",
    # The block
    "With regions, without, or (auto) by the defaultStockId of the customer.": "С регионами, без них или (auto) по "
    "наличию defaultStockId у покупателя.",
    "The CSP nonce of the page.": "CSP nonce страницы.",
    "Spread the object over lines.": "Разнести объект по строкам.",
    "Let the block report its errors to the browser's console.": "Сообщать об ошибках блока в консоль браузера.",
    # inject
    "Pages or patterns, and their customers: JSON, JSON Lines, CSV, TOML, YAML.": "Страницы или шаблоны и их "
    "покупатели: JSON, JSON Lines, CSV, TOML, YAML.",
    "The customer of all other pages: a JSON object, or its file.": "Покупатель всех прочих страниц: объект JSON или "
    "файл с ним.",
    "Put the loader into pages instead, for cards that come by themselves.": "Вставить вместо блоков загрузчик, "
    "который запросит карточку отдельно.",
    "Where the site's backend answers with the card.": "Где сервер сайта отвечает карточкой.",
    "The pages meant.": "Какие страницы брать.",
    "*.html and *.htm": "*.html и *.htm",
    "Pages to leave out, such as drafts/**.": "Какие страницы пропустить, например drafts/**.",
    "Take only the pages listed there, one a line; - is standard input.": "Взять только страницы из этого списка, по "
    "одной в строке; - означает стандартный ввод.",
    "Pages that have a block; replace takes out that of a customer who is gone, too.": "Страницы, где блок уже есть; "
    "replace убирает и блок покупателя, которого больше нет.",
    "What a page without a safe place is: a warning, an error, or nothing.": "Чем считать страницу без безопасного "
    "места: предупреждением, ошибкой или ничем.",
    "Write nothing; report what would be done.": "Ничего не записывать, сообщить, что было бы сделано.",
    "Write nothing, show what would change, without any value.": "Ничего не записывать, показать изменения без данных.",
    "Let --diff show the customers' data, and the lines of the page.": "Показать в --diff данные покупателей и строки "
    "страницы.",
    "Write nothing; exit code 1 if any page has not the block it ought to have.": "Ничего не записывать; код возврата "
    "1, если на странице не тот блок.",
    "Accept that there is no page, or no customer for any.": "Допустить, что нет ни страниц, ни покупателей для них.",
    "Do not warn about customers' data in files.": "Не предупреждать о данных покупателей в файлах.",
    "Treat pages with {% ... %} or {{ ... }} as finished ones.": "Считать страницы с {% ... %} или {{ ... }} готовыми.",
    "The format of --customers.": "Формат --customers.",
    "by the file's name": "по имени файла",
    "by the number of pages": "по числу страниц",
    # bulk
    "The result.": "Результат.",
    "The format of a folder's parts.": "Формат частей в папке.",
    "Processes to use.": "Сколько процессов запустить.",
    "as many as processors": "по числу процессоров",
    "Stop when more rows than this are rejected.": "Остановиться, если отклонено больше строк.",
    "never": "никогда",
    "Keep the parts an earlier run has finished.": "Сохранять части, готовые с прошлого запуска.",
    "yes": "да",
    # check
    "From which severity on to fail.": "С какой важности считать запуск неудачным.",
    "Report these rules only: codes or subjects, by commas.": "Только эти правила: коды или их темы через запятую.",
    "Do not report these.": "Без этих правил.",
    "The pages are as browsers get them, no templates.": "Страницы такие, какими их получают браузеры, не шаблоны.",
    "Let the corrected block show the values of the page.": "Показывать в исправленном блоке данные страницы.",
    "Leave out the corrected blocks.": "Не показывать исправленных блоков.",
    "What standard input would be called: cart.js, cart.twig.": "Имя для стандартного ввода: cart.js, cart.twig.",
    "Leave out excluded files even if they are named.": "Пропускать исключённые файлы, даже если они названы.",
    "Print why there is a code and what to do about it, and check nothing.": "Объяснить код и что с ним делать, "
    "ничего не проверяя.",
    # preview
    "The port to listen on.": "Порт.",
    "a free one": "любой свободный",
    "Customers to begin with: JSON, JSON Lines, CSV; - is standard input.": "Покупатели для начала: JSON, JSON Lines, "
    "CSV; - означает стандартный ввод.",
    "Which of several customers to show.": "Которого из нескольких покупателей показать.",
    "Open no browser, only print the address.": "Не открывать браузер, только напечатать адрес.",
    "Serve nothing: write one file that shows CUSTOMER.json by itself.": "Не запускать сервер: записать файл, который "
    "показывает CUSTOMER.json.",
}


def description(command: str, english: str) -> str:
    """Return the description of a command in the chosen language."""
    return cleandoc(english if language() == "en" else _COMMANDS[command])


def translate(text: str) -> str:
    """Return a text of the help in the chosen language. Names and numbers are the same in all languages."""
    return text if language() == "en" else RUSSIAN.get(text, text)


_METAVAR: Final = re.compile(r"(?<![.\w])[A-Z]++(?!\w|-|\.\w)")


def metavars(text: str) -> str:
    """Return the placeholders of arguments in the help, in the chosen language."""
    if language() == "en":
        return text
    return _METAVAR.sub(lambda found: METAVARS.get(found[0], found[0]), text)
