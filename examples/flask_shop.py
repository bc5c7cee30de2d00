"""A Flask shop in one file. In a clone of the repository, after `pip install .`:

pip install 'rr-snippet[flask]' flask-talisman
python examples/flask_shop.py
"""

import os

from flask import Flask, redirect, render_template_string, request
from flask_talisman import Talisman

from rr_snippet.integrations.flask import RRSnippet

PAGE = """<!DOCTYPE html><html lang="ru"><meta charset="utf-8"><title>Магазин</title>
<p>Здравствуйте, {{ name|default("гость", true) }}! <a href="/visit/anna">Войти</a> <a href="/visit/nobody">Выйти</a>
{{ rr_customer() }}</html>"""
PEOPLE = {
    "anna": {"customer_id": "42", "email": "anna@shop.ru", "phone": "+7 (111) 222-33-44", "default_stock_id": "Москва"},
    "boris": {"customer_id": "43", "email": "boris@shop.ru", "soft_links": {"карта": "7700"}},
}

app = Flask(__name__)
app.config["RR_SNIPPET"] = {"PHONE_REGION": "RU"}
Talisman(
    app,
    force_https=False,
    content_security_policy={"script-src": "'self'"},
    content_security_policy_nonce_in=["script-src"],
)
rr = RRSnippet(app)


@rr.customer_loader
def customer(request):
    return PEOPLE.get(request.cookies.get("name"))


@app.get("/")
def home():
    return render_template_string(PAGE, name=request.cookies.get("name"))


@app.get("/visit/<name>")
def visit(name):
    """Come back as somebody else; a real shop asks for a password."""
    response = redirect("/")
    response.set_cookie("name", name)
    return response


if __name__ == "__main__":
    app.run(port=int(os.environ.get("PORT", "8000")))
