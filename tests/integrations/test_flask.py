from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Blueprint, Flask, Response, g, render_template, render_template_string, stream_template_string
from flask import request as flask_request
from flask_talisman import Talisman
from jinja2 import DictLoader

from rr_snippet import CustomerError, RenderError, render_snippet
from rr_snippet.errors import MissingDependencyError, OptionError
from rr_snippet.integrations.flask import RRSnippet
from tests.integrations.missing import import_without
from tests.integrations.people import ANNA, BORIS, BROKEN, PEOPLE, customer_in, nonces_in, sent
from tests.integrations.support import records

PAGE = "<!doctype html><title>Shop</title><body>{{ rr_customer() }}</body>"
TEMPLATES = {
    "page.html": PAGE,
    "macros.html": "{% macro block() %}{{ rr_customer() }}{% endmacro %}",
    "with.html": "{% from 'macros.html' import block with context %}<body>{{ block() }}</body>",
    "without.html": "{% from 'macros.html' import block %}<body>{{ block() }}</body>",
    "filter.html": "<body>{{ customer|rr_customer }}</body>",
}


def by_query(request: Any) -> Any:
    return PEOPLE.get(request.args.get("as"))


def make_app(*, mode: str = "production", **settings: Any) -> tuple[Flask, RRSnippet]:
    app = Flask(__name__)
    app.jinja_loader = DictLoader(TEMPLATES)
    app.debug = mode == "debug"
    app.testing = mode == "testing"
    rr = RRSnippet(app, **{"customer": by_query, **settings})

    @app.get("/<name>")
    def page(name: str) -> str:
        return render_template(name, customer=by_query(flask_request))

    return app, rr


def in_request(app: Flask, view: Callable[[], Any], url: str = "/test?as=anna", **more: Any) -> Any:
    app.add_url_rule("/test", view_func=view, endpoint="test")
    return app.test_client().get(url, **more)


def test_page_sends_exactly_the_customer() -> None:
    app, _ = make_app()
    client = app.test_client()
    assert customer_in(client.get("/page.html?as=anna").text) == sent(ANNA)
    assert customer_in(client.get("/page.html?as=boris").text) == sent(BORIS)


@pytest.mark.parametrize("name", ["with.html", "without.html", "filter.html"])
def test_macros_and_the_filter_give_the_same_block(name: str) -> None:
    app, _ = make_app()
    response = app.test_client().get(f"/{name}?as=anna")
    assert response.text == f"<body>{render_snippet(ANNA)}</body>"
    assert (response.headers["Cache-Control"], response.headers["Vary"]) == ("private", "Cookie")


def test_block_for_a_page_without_templates() -> None:
    app, rr = make_app(phone_region="RU")
    response = in_request(app, lambda: f"<body>{rr.render(nonce='abc', pretty=True)}</body>")
    assert response.text == f"<body>{render_snippet(ANNA, nonce='abc', pretty=True, phone_region='RU')}</body>"
    assert response.headers["Cache-Control"] == "private"


def test_anonymous_visitor_gets_no_block_and_a_page_for_all() -> None:
    app, _ = make_app()
    response = app.test_client().get("/page.html")
    assert response.text == PAGE.replace("{{ rr_customer() }}", "")
    assert "Cache-Control" not in response.headers
    assert response.headers["Vary"] == "Cookie"


# Setting up


def test_settings_come_in_any_letter_case(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_RR_SNIPPET__phone_region", "RU")
    monkeypatch.setenv("FLASK_RR_SNIPPET__ON_ERROR", '"log"')
    monkeypatch.setenv("FLASK_RR_SNIPPET__CUSTOMER", f"{__name__}.by_query")
    app = Flask(__name__)
    app.config.from_prefixed_env()
    RRSnippet(app)
    response = in_request(app, lambda: render_template_string(PAGE), "/test?as=anna")
    assert customer_in(response.text) == {**sent(ANNA), "phone": "+71112223344"}


def test_settings_of_the_call_go_before_those_of_the_configuration() -> None:
    app = Flask(__name__)
    app.config["RR_SNIPPET"] = {"PHONE_REGION": "DE", "Variant": "no-region"}
    RRSnippet(phone_region="FR").init_app(app, phone_region="RU", customer=by_query)
    response = in_request(app, lambda: render_template_string(PAGE), "/test?as=anna")
    assert customer_in(response.text) == {**sent(ANNA), "phone": "+71112223344"}


@pytest.mark.parametrize(
    ("config", "given", "codes"),
    [
        ([], {}, ["option.type"]),
        ({"VARIANT": "regional", "CUSTMER": None}, {}, ["option.value", "option.unknown"]),
        ({}, {"respect_gpc": 1}, ["option.value"]),
        (None, {"customer": 1}, ["option.callable"]),
    ],
)
def test_wrong_settings_fail_when_the_application_is_made(config: Any, given: dict[str, Any], codes: list[str]) -> None:
    app = Flask(__name__)
    app.config["RR_SNIPPET"] = config
    with pytest.raises(OptionError) as caught:
        RRSnippet(app, **given)
    assert [problem.code for problem in caught.value.problems] == codes
    assert "rr_snippet" not in app.extensions


def test_second_init_of_one_application_is_an_error() -> None:
    app, rr = make_app()
    with pytest.raises(OptionError) as caught:
        rr.init_app(app)
    assert caught.value.code == "option.installed"


def test_one_object_serves_two_applications_each_with_its_settings() -> None:
    rr = RRSnippet()
    rr.customer_loader(by_query)
    phones = []
    for region in ("RU", None):
        app = Flask(__name__)
        app.config["RR_SNIPPET"] = {"phone_region": region}
        rr.init_app(app)
        phones.append(customer_in(in_request(app, lambda: render_template_string(PAGE)).text)["phone"])
    assert phones == ["+71112223344", ANNA["phone"]]


def test_loader_serves_where_no_customer_is_configured() -> None:
    app = Flask(__name__)
    rr = RRSnippet(app)

    @rr.customer_loader
    def load(request: Any) -> Any:
        return by_query(request)

    assert load.__name__ == "load"
    response = in_request(app, lambda: render_template_string(PAGE))
    assert customer_in(response.text) == sent(ANNA)


def test_without_loader_and_customer_the_fault_is_told() -> None:
    app = Flask(__name__)
    app.testing = True
    RRSnippet(app)
    with pytest.raises(OptionError) as caught:
        in_request(app, lambda: render_template_string(PAGE))
    assert caught.value.code == "option.customer"


def test_async_loader_is_refused() -> None:
    async def load(_request: Any) -> None: ...

    with pytest.raises(OptionError) as caught:
        RRSnippet().customer_loader(load)
    assert caught.value.code == "option.async"


def test_templates_of_blueprints_have_it() -> None:
    app, _ = make_app()
    shop = Blueprint("shop", __name__)
    shop.add_url_rule("/shop/", view_func=lambda: render_template("page.html"), endpoint="home")
    app.register_blueprint(shop)
    assert customer_in(app.test_client().get("/shop/?as=boris").text) == sent(BORIS)


def test_jinja_options_may_still_be_set_afterwards() -> None:
    app = Flask(__name__)
    RRSnippet(app, customer=by_query)
    assert "jinja_env" not in app.__dict__
    app.jinja_options = {"variable_start_string": "[[", "variable_end_string": "]]"}
    app.config["TEMPLATES_AUTO_RELOAD"] = True
    response = in_request(app, lambda: render_template_string("<body>[[ rr_customer() ]]</body>"))
    assert customer_in(response.text) == sent(ANNA)
    assert app.jinja_env.auto_reload


def test_environment_made_before_is_extended() -> None:
    app = Flask(__name__)
    app.jinja_env.globals["before"] = True
    RRSnippet(app, customer=by_query)
    response = in_request(app, lambda: render_template_string("<body>{{ rr_customer() }}{{ before }}</body>"))
    assert customer_in(response.text) == sent(ANNA)


# Nonce


def test_nonce_order_is_argument_context_g_request() -> None:
    app, rr = make_app()

    def view() -> str:
        flask_request.csp_nonce = "from-request"  # type: ignore[attr-defined]
        request_alone = rr.render()
        g.csp_nonce = "from-g"
        return "".join(
            [
                render_template_string("{{ rr_customer(nonce='argument') }}", csp_nonce="context"),
                render_template_string("{{ rr_customer() }}", csp_nonce="context"),
                render_template_string("{{ rr_customer() }}", csp_nonce=""),
                render_template_string("{{ rr_customer(nonce=False) }}", csp_nonce="context"),
                request_alone,
            ]
        )

    assert nonces_in(in_request(app, view).text) == ["argument", "context", "from-g", "from-request"]


@pytest.mark.parametrize("name", ["page.html", "with.html", "without.html"])
def test_nonce_of_flask_talisman_is_the_one_of_the_header(name: str) -> None:
    app, _ = make_app()
    Talisman(
        app,
        force_https=False,
        content_security_policy_nonce_in=["script-src"],
        content_security_policy={"script-src": "'self'"},
    )
    client = app.test_client()
    seen = set()
    for _ in range(3):
        response = client.get(f"/{name}?as=anna")
        (nonce,) = nonces_in(response.text)
        assert response.headers["Content-Security-Policy"] == f"script-src 'self' 'nonce-{nonce}'"
        seen.add(nonce)
    assert len(seen) == 3


def test_flask_talisman_without_nonces_gives_none() -> None:
    app, _ = make_app()
    Talisman(app, force_https=False)
    assert app.test_client().get("/page.html?as=anna").text == PAGE.replace("{{ rr_customer() }}", render_snippet(ANNA))


def test_nonce_that_is_none_is_refused() -> None:
    app, _ = make_app(mode="testing")
    with pytest.raises(RenderError) as caught:
        in_request(app, lambda: render_template_string(PAGE, csp_nonce='"><script>'))
    assert caught.value.code == "nonce.shape"


# The response


def test_later_hook_cannot_make_the_page_public() -> None:
    app, _ = make_app()

    @app.after_request
    def publish(response: Response) -> Response:
        response.headers["Cache-Control"] = "public, max-age=60, s-maxage=600"
        response.headers["Vary"] = "Accept-Encoding"
        response.headers["CDN-Cache-Control"] = "max-age=600"
        return response

    personal = app.test_client().get("/page.html?as=anna").headers
    assert personal["Cache-Control"] == "private, max-age=60"
    assert personal["Vary"] == "Accept-Encoding, Cookie"
    assert "CDN-Cache-Control" not in personal
    shared = app.test_client().get("/page.html").headers
    assert shared["Cache-Control"] == "public, max-age=60, s-maxage=600"


def test_requests_under_one_application_context_do_not_mix() -> None:
    app, _ = make_app(mode="testing")
    client = app.test_client()
    with app.app_context():
        for name in ("anna", "boris", "anna"):
            assert customer_in(client.get(f"/page.html?as={name}").text) == sent(PEOPLE[name])
        assert "Cache-Control" not in client.get("/page.html").headers


def test_block_outside_of_a_request_is_refused() -> None:
    app, rr = make_app(mode="testing")
    with app.app_context():
        for render in (lambda: render_template_string("{{ rr_customer({'customerId': '1'}) }}"), rr.render):
            with pytest.raises(RenderError) as caught:
                render()
            assert caught.value.code == "request.missing"


def test_stream_is_refused_unless_prepared(caplog: pytest.LogCaptureFixture) -> None:
    app, rr = make_app()

    def view() -> Any:
        if "prepared" in flask_request.args:
            rr.prepare()
        return stream_template_string(PAGE)

    plain = in_request(app, view)
    assert customer_in(plain.text) is None
    assert records(caplog) == [("ERROR", "no block: response.sent")]
    assert app.test_client().get("/test").text == plain.text
    assert len(records(caplog)) == 1  # an anonymous visitor loses nothing
    prepared = app.test_client().get("/test?as=anna&prepared")
    assert customer_in(prepared.text) == sent(ANNA)
    assert prepared.headers["Cache-Control"] == "private"


def test_stream_in_debug_is_an_error() -> None:
    app, _ = make_app(mode="debug")
    with pytest.raises(RenderError) as caught:
        in_request(app, lambda: stream_template_string(PAGE)).get_data()
    assert caught.value.code == "response.sent"


# Policy


def test_bad_customer_costs_the_block_and_not_the_page(caplog: pytest.LogCaptureFixture) -> None:
    app, _ = make_app()
    response = app.test_client().get("/page.html?as=broken")
    assert (response.status_code, response.text) == (200, PAGE.replace("{{ rr_customer() }}", ""))
    assert records(caplog) == [("WARNING", "no block: phone.shape")]
    assert "secret" not in repr([vars(record) for record in caplog.records])


@pytest.mark.parametrize("mode", ["debug", "testing"])
def test_bad_customer_raises_in_debug_and_tests(mode: str) -> None:
    app, _ = make_app(mode=mode)
    with pytest.raises(CustomerError) as caught:
        app.test_client().get("/page.html?as=broken")
    assert caught.value.code == "phone.shape"


def test_on_error_goes_before_the_flags() -> None:
    app, _ = make_app(mode="debug", on_error="log")
    text = app.test_client().get("/page.html?as=broken").text
    assert text == PAGE.replace("{{ rr_customer() }}", "<!-- rr-snippet: no block (invalid: phone.shape) -->")
    app, _ = make_app(on_error="raise")
    app.config["PROPAGATE_EXCEPTIONS"] = True
    with pytest.raises(CustomerError):
        app.test_client().get("/page.html?as=broken")


@pytest.mark.parametrize(
    ("settings", "headers", "reason"),
    [
        ({"respect_gpc": True}, {"Sec-GPC": "1"}, "gpc"),
        ({"respect_dnt": True}, {"DNT": "1"}, "dnt"),
        ({"exclude": lambda request: request.headers["X-Staff"]}, {"X-Staff": "yes"}, "excluded"),
        ({"customer": lambda _request: None}, {}, "anonymous"),
        ({"customer": None}, {}, "anonymous"),
    ],
)
def test_page_without_a_block_says_why_in_debug_only(
    settings: dict[str, Any], headers: dict[str, str], reason: str
) -> None:
    app, _ = make_app(mode="debug", **settings)
    text = app.test_client().get("/page.html?as=anna", headers=headers).text
    assert text == PAGE.replace("{{ rr_customer() }}", f"<!-- rr-snippet: no block ({reason}) -->")
    app, _ = make_app(**settings)
    text = app.test_client().get("/page.html?as=anna", headers=headers).text
    assert text == PAGE.replace("{{ rr_customer() }}", "")


def test_signals_are_not_heeded_unless_asked_for() -> None:
    app, _ = make_app()
    response = app.test_client().get("/page.html?as=anna", headers={"Sec-GPC": "1", "DNT": "1"})
    assert customer_in(response.text) == sent(ANNA)


def test_failing_loader_costs_the_block_and_not_the_page(caplog: pytest.LogCaptureFixture) -> None:
    def fail(_request: Any) -> Any:
        raise LookupError(BROKEN["customerId"])

    app, _ = make_app(customer=fail)
    response = app.test_client().get("/page.html")
    assert (response.status_code, response.text) == (200, PAGE.replace("{{ rr_customer() }}", ""))
    assert records(caplog) == [("ERROR", "no block: site.failed LookupError")]


def test_many_threads_get_each_their_own_customer() -> None:
    app, _ = make_app(customer=lambda request: {"customerId": request.args["id"]})

    def visit(number: int) -> bool:
        text = app.test_client().get(f"/without.html?id={number}").text
        return text == f"<body>{render_snippet({'customerId': str(number)})}</body>"

    with ThreadPoolExecutor(16) as threads:
        assert all(threads.map(visit, range(300)))


# Without Flask


def test_missing_flask_is_told_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(MissingDependencyError) as caught:
        import_without(monkeypatch, "flask", "rr_snippet.integrations.flask")
    assert str(caught.value) == "Flask is needed: pip install 'rr-snippet[flask]' [dependency.missing]"


def test_flask_that_misses_something_itself_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ModuleNotFoundError, match=r"\Awerkzeug\Z"):
        import_without(monkeypatch, "flask", "rr_snippet.integrations.flask", missing="werkzeug")
