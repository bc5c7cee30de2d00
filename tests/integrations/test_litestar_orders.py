"""The page of an order in Litestar."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jinja2 import DictLoader, Environment
from litestar import Litestar, MediaType, Request, get
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.response import Template
from litestar.template import TemplateConfig

from rr_snippet import CustomerError, render_order
from rr_snippet.integrations.litestar import RRSnippetPlugin
from tests.integrations import asgi_client
from tests.integrations.people import ANNA, PEOPLE
from tests.support.order_facts import CONTEXT, ORDER, SETTINGS, TEMPLATES, OrderFacts

AnyRequest = Request[Any, Any, Any]


def by_cookie(request: AnyRequest) -> Any:
    return PEOPLE.get(request.cookies.get("as", ""))


@get("/{name:str}")
async def page(request: AnyRequest) -> Template:
    return Template(request.path_params["name"], context={**CONTEXT}, media_type=MediaType.HTML)


def site(*, debug: bool = False, **settings: Any) -> Litestar:
    plugin = RRSnippetPlugin(**{"CUSTOMER": by_cookie, **SETTINGS, **settings})

    @get("/view", media_type=MediaType.HTML)
    async def view(request: AnyRequest) -> str:
        return plugin.render_order(request, ORDER, nonce="abc")

    engine = JinjaTemplateEngine.from_environment(Environment(loader=DictLoader(TEMPLATES), autoescape=True))
    return Litestar(
        [page, view],
        plugins=[plugin],
        template_config=TemplateConfig(instance=engine),
        debug=debug,
        pdb_on_exception=False,
        logging_config=None,
    )


class TestOrders(OrderFacts):
    """See `OrderFacts`."""

    def show(
        self, name: str, who: str | None = "anna", *, debug: bool = False, settings: Any = None, **headers: str
    ) -> tuple[str, Mapping[str, str]]:
        response = asgi_client.get(site(debug=debug, **(settings or {})), f"/{name}", who=who, **headers)
        if response.status_code == 500:
            # Litestar shows the error, here on a page.
            assert "rr_snippet.errors.CustomerError" in response.text
            raise CustomerError
        return response.text, response.headers


def test_routes_without_a_template() -> None:
    assert asgi_client.get(site(), "/view", who="anna").text == render_order(ORDER, ANNA, nonce="abc")
