"""A Litestar shop in one file. In a clone of the repository, after `pip install .`:

pip install 'rr-snippet[litestar]' uvicorn
python examples/litestar_shop.py
"""

import os
import secrets

import uvicorn
from jinja2 import DictLoader, Environment
from litestar import Litestar, Request, Response, get
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.response import Redirect, Template
from litestar.template import TemplateConfig

from rr_snippet.integrations.litestar import RRSnippetPlugin

PAGE = """<!DOCTYPE html><html lang="ru"><meta charset="utf-8"><title>Магазин</title>
<p>Здравствуйте, {{ name|default("гость", true) }}! <a href="/visit/anna">Войти</a> <a href="/visit/nobody">Выйти</a>
{{ rr_customer() }}</html>"""
PEOPLE = {
    "anna": {"customer_id": "42", "email": "anna@shop.ru", "phone": "+7 (111) 222-33-44", "default_stock_id": "Москва"},
    "boris": {"customer_id": "43", "email": "boris@shop.ru", "soft_links": {"карта": "7700"}},
}


def customer(request: Request):
    return PEOPLE.get(request.cookies.get("name"))


@get("/")
async def home(request: Request) -> Template:
    request.state.csp_nonce = nonce = secrets.token_urlsafe(16)
    policy = {"Content-Security-Policy": f"script-src 'self' 'nonce-{nonce}'"}
    return Template("home.html", context={"name": request.cookies.get("name")}, headers=policy)


@get("/visit/{name:str}")
async def visit(request: Request) -> Response:
    """Come back as somebody else; a real shop asks for a password."""
    response = Redirect("/")
    response.set_cookie("name", request.path_params["name"])
    return response


engine = JinjaTemplateEngine.from_environment(Environment(loader=DictLoader({"home.html": PAGE}), autoescape=True))
app = Litestar(
    [home, visit],
    template_config=TemplateConfig(instance=engine),
    plugins=[RRSnippetPlugin(customer=customer, phone_region="RU")],
)


if __name__ == "__main__":
    uvicorn.run(app, port=int(os.environ.get("PORT", "8000")))
