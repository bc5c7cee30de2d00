"""A FastAPI shop in one file. In a clone of the repository, after `pip install .`:

pip install 'rr-snippet[fastapi]' uvicorn
python examples/fastapi_shop.py
"""

import os
import secrets
from urllib.parse import parse_qs

import uvicorn
from fastapi import Depends, FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.templating import Jinja2Templates
from jinja2 import DictLoader, Environment

from rr_snippet.integrations.starlette import RRSnippetMiddleware, install

PAGE = """<!DOCTYPE html><html lang="ru"><meta charset="utf-8"><title>Магазин</title>
<p>Здравствуйте, {{ name|default("гость", true) }}! <a href="/visit/anna">Войти</a> <a href="/visit/nobody">Выйти</a>
<form method="post" action="/buy"><input type="email" name="email" value="guest@shop.ru">
<label><input type="checkbox" name="agreed">Присылайте новости</label><button>Купить чайник</button></form>
{{ rr_customer() }}</html>"""
THANKS = """<!DOCTYPE html><html lang="ru"><meta charset="utf-8"><title>Спасибо!</title>
<p>Заказ {{ order.transaction }} принят. <a href="/">В магазин</a>
{% if is_new %}{{ rr_order(order, person=person) }}{% else %}{{ rr_customer() }}{% endif %}</html>"""
PEOPLE = {
    "anna": {"customer_id": "42", "email": "anna@shop.ru", "phone": "+7 (111) 222-33-44", "default_stock_id": "Москва"},
    "boris": {"customer_id": "43", "email": "boris@shop.ru", "soft_links": {"карта": "7700"}},
}


async def customer(request: Request):
    return PEOPLE.get(request.cookies.get("name"))


templates = Jinja2Templates(
    env=Environment(loader=DictLoader({"home.html": PAGE, "thanks.html": THANKS}), autoescape=True)
)
rr = install(templates, customer=customer, phone_region="RU")
app = FastAPI()


@app.middleware("http")
async def policy(request: Request, call_next):
    request.state.csp_nonce = secrets.token_urlsafe(16)
    response = await call_next(request)
    response.headers["Content-Security-Policy"] = f"script-src 'self' 'nonce-{request.state.csp_nonce}'"
    return response


app.add_middleware(RRSnippetMiddleware)  # the last one added is the outermost


@app.get("/", response_class=HTMLResponse, dependencies=[Depends(rr.load)])
async def home(request: Request):
    return templates.TemplateResponse(request, "home.html", {"name": request.cookies.get("name")})


ORDERS = {}  # in a real shop a table, with a column that says whether the order was told of


@app.post("/buy")
async def buy(request: Request):
    form = parse_qs((await request.body()).decode())
    number = secrets.token_hex(8)  # nobody guesses the page of somebody else's order
    guest = {"email": form["email"][0], "is_agreed_to_receive_marketing_mail": "agreed" in form}
    order = {"transaction": number, "items": [{"id": 7, "quantity": 1, "price": 1990}]}
    ORDERS[number] = {"order": order, "person": await customer(request) or guest, "is_new": True}
    return RedirectResponse(f"/thanks/{number}", status_code=303)


@app.get("/thanks/{number}", response_class=HTMLResponse, dependencies=[Depends(rr.load)])
async def thanks(request: Request, number: str):
    page = templates.TemplateResponse(request, "thanks.html", {**ORDERS[number]})
    ORDERS[number]["is_new"] = False  # shown again, it is the same order
    return page


@app.get("/visit/{name}")
async def visit(name: str):
    """Come back as somebody else; a real shop asks for a password."""
    response = RedirectResponse("/")
    response.set_cookie("name", name)
    return response


if __name__ == "__main__":
    uvicorn.run(app, port=int(os.environ.get("PORT", "8000")))
