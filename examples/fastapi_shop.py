"""A FastAPI shop in one file. In a clone of the repository, after `pip install .`:

pip install 'rr-snippet[fastapi]' uvicorn
python examples/fastapi_shop.py
"""

import os
import secrets

import uvicorn
from fastapi import Depends, FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.templating import Jinja2Templates
from jinja2 import DictLoader, Environment

from rr_snippet.integrations.starlette import RRSnippetMiddleware, install

PAGE = """<!DOCTYPE html><html lang="ru"><meta charset="utf-8"><title>Магазин</title>
<p>Здравствуйте, {{ name|default("гость", true) }}! <a href="/visit/anna">Войти</a> <a href="/visit/nobody">Выйти</a>
{{ rr_customer() }}</html>"""
PEOPLE = {
    "anna": {"customer_id": "42", "email": "anna@shop.ru", "phone": "+7 (111) 222-33-44", "default_stock_id": "Москва"},
    "boris": {"customer_id": "43", "email": "boris@shop.ru", "soft_links": {"карта": "7700"}},
}


async def customer(request: Request):
    return PEOPLE.get(request.cookies.get("name"))


templates = Jinja2Templates(env=Environment(loader=DictLoader({"home.html": PAGE}), autoescape=True))
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


@app.get("/visit/{name}")
async def visit(name: str):
    """Come back as somebody else; a real shop asks for a password."""
    response = RedirectResponse("/")
    response.set_cookie("name", name)
    return response


if __name__ == "__main__":
    uvicorn.run(app, port=int(os.environ.get("PORT", "8000")))
