"""What people use today for such a block, each in its fastest form: compiled, with the payload ready.

None of them validates. `docs/explanation/speed.md` says what else each of them leaves out. Packages that are not
installed are left out of the run.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import jinja2
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from rr_snippet import Customer

Work = Callable[[], object]

FRAME = """<script type="text/javascript">
    (window["rrApiOnReady"] = window["rrApiOnReady"] || []).push(function() {
      try {
        rrApi.setCustomer(PAYLOAD);
      } catch (e) {}
  })
</script>"""
HEAD, TAIL = FRAME.split("PAYLOAD")

PACKAGES = ("pydantic", "pydantic-core", "jinja2", "markupsafe", "django", "orjson", "minijinja", "django-analytical")


def installed() -> dict[str, str]:
    """Return the versions of the installed packages."""
    found = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def peers_for(payload: dict[str, Any], customer: Customer) -> dict[str, Work]:
    """Return the peers that are installed, each rendering `payload`."""
    tojson = jinja2.Environment(autoescape=True).from_string(FRAME.replace("PAYLOAD", "{{ payload|tojson }}"))

    def dumps_and_replace() -> str:
        text = json.dumps(payload).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
        return Markup(HEAD + text + TAIL)

    works: dict[str, Work] = {
        "jinja2 {{ payload|tojson }}": lambda: tojson.render(payload=payload),
        "htmlsafe_json_dumps alone": lambda: htmlsafe_json_dumps(payload),
        "json.dumps + replace": dumps_and_replace,
        "pydantic model_dump_json alone": customer.model_dump_json,
    }
    packages = installed()
    if "orjson" in packages:
        works["orjson + replace"] = _orjson(payload)
    if "minijinja" in packages:
        works["minijinja {{ payload|tojson }}"] = _minijinja(payload)
    if "django" in packages:
        works |= _django(payload, with_analytical="django-analytical" in packages)
    return works


def _orjson(payload: dict[str, Any]) -> Work:
    import orjson

    def work() -> str:
        text = orjson.dumps(payload).replace(b"<", b"\\u003c").replace(b">", b"\\u003e").replace(b"&", b"\\u0026")
        return Markup(HEAD + text.decode() + TAIL)

    return work


def _minijinja(payload: dict[str, Any]) -> Work:
    from minijinja import Environment

    environment = Environment(templates={"block.html": FRAME.replace("PAYLOAD", "{{ payload|tojson }}")})
    return lambda: environment.render_template("block.html", payload=payload)


def _django(payload: dict[str, Any], *, with_analytical: bool) -> dict[str, Work]:
    import django
    from django.conf import settings
    from django.template import Context, Engine
    from django.utils.html import json_script

    if not settings.configured:
        settings.configure(INTERCOM_APP_ID="abc123")
        django.setup()

    template = Engine().from_string(FRAME.replace("PAYLOAD", _escapejs_object(payload)))
    context = Context({"payload": payload, "texts": _texts(payload)})
    works: dict[str, Work] = {
        "django json_script": lambda: json_script(payload, "rr-customer"),
        "django template, escapejs": lambda: template.render(context),
    }
    if with_analytical:
        from analytical.templatetags.intercom import IntercomNode

        node = IntercomNode()
        # The tag most like ours: it writes an object of the context's texts into a script, without any escaping.
        attributes = Context({f"intercom_{name}": value for name, value in payload.items()})
        works["django-analytical intercom"] = lambda: node.render(attributes)
    return works


def _texts(value: object) -> list[str]:
    """Return the strings of a payload in their order, without the customer's own keys."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for item in value.values() for text in _texts(item)]
    return [text for item in value for text in _texts(item)] if isinstance(value, list) else []


def _escapejs_object(payload: dict[str, Any]) -> str:
    """Return the object as a template's author writes it: each value through `escapejs`, names as they are."""
    count = 0

    def written(value: object) -> str:
        nonlocal count
        if isinstance(value, str):
            count += 1
            return f'"{{{{ texts.{count - 1}|escapejs }}}}"'
        if isinstance(value, dict):
            return "{" + ",".join(f"{_name(name)}:{written(item)}" for name, item in value.items()) + "}"
        if isinstance(value, list):
            return "[" + ",".join(map(written, value)) + "]"
        return "true" if value else "false"

    return written(payload)


def _name(name: str) -> str:
    # By hand, as an author would do it, so that no brace in a hostile name is a tag of the template.
    return "".join(['"', *(char if char.isalnum() else f"\\u{ord(char) & 0xFFFF:04x}" for char in name), '"'])
