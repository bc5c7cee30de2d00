"""A Django shop in one file. In a clone of the repository, after `pip install .`:

pip install 'rr-snippet[django]' django-csp
python examples/django_shop.py
"""

import os
import secrets
import sys

from csp.constants import NONCE, SELF
from django.conf import settings
from django.core.management import execute_from_command_line
from django.http import HttpResponse, HttpResponseRedirect
from django.template import engines
from django.urls import path

PAGE = """{% load rr_snippet %}<!DOCTYPE html><html lang="ru"><meta charset="utf-8"><title>Магазин</title>
<p>Здравствуйте, {{ name|default:"гость" }}! <a href="/visit/anna">Войти</a> <a href="/visit/nobody">Выйти</a>
<form method="post" action="/buy"><input type="email" name="email" value="guest@shop.ru">
<label><input type="checkbox" name="agreed">Присылайте новости</label><button>Купить чайник</button></form>
{% rr_customer %}</html>"""
THANKS = """{% load rr_snippet %}<!DOCTYPE html><html lang="ru"><meta charset="utf-8"><title>Спасибо!</title>
<p>Заказ {{ order.transaction }} принят. <a href="/">В магазин</a>
{% if is_new %}{% rr_order order person=person %}{% else %}{% rr_customer %}{% endif %}</html>"""
PEOPLE = {
    "anna": {"customer_id": "42", "email": "anna@shop.ru", "phone": "+7 (111) 222-33-44", "default_stock_id": "Москва"},
    "boris": {"customer_id": "43", "email": "boris@shop.ru", "soft_links": {"карта": "7700"}},
}


def customer(request):
    return PEOPLE.get(request.COOKIES.get("name"))


def home(request):
    return HttpResponse(engines["django"].from_string(PAGE).render({"name": request.COOKIES.get("name")}, request))


ORDERS = {}  # in a real shop a table, with a column that says whether the order was told of


def buy(request):
    number = secrets.token_hex(8)  # nobody guesses the page of somebody else's order
    guest = {"email": request.POST["email"], "is_agreed_to_receive_marketing_mail": "agreed" in request.POST}
    order = {"transaction": number, "items": [{"id": 7, "quantity": 1, "price": 1990}]}
    ORDERS[number] = {"order": order, "person": customer(request) or guest, "is_new": True}
    return HttpResponseRedirect(f"/thanks/{number}")


def thanks(request, number):
    page = engines["django"].from_string(THANKS).render(ORDERS[number], request)
    ORDERS[number]["is_new"] = False  # shown again, it is the same order
    return HttpResponse(page)


def visit(request, name):
    """Come back as somebody else; a real shop asks for a password."""
    return HttpResponseRedirect("/", headers={"Set-Cookie": f"name={name}; Path=/"})


settings.configure(
    DEBUG=True,
    SECRET_KEY="only for this example",
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["rr_snippet.integrations.django"],
    MIDDLEWARE=["rr_snippet.integrations.django.middleware.RRSnippetMiddleware", "csp.middleware.CSPMiddleware"],
    RR_SNIPPET={"CUSTOMER": f"{__name__}.customer", "PHONE_REGION": "RU"},
    CONTENT_SECURITY_POLICY={"DIRECTIVES": {"default-src": [SELF], "script-src": [SELF, NONCE]}},
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
)
urlpatterns = [
    path("", home),
    path("buy", buy),
    path("thanks/<slug:number>", thanks),
    path("visit/<slug:name>", visit),
]

if __name__ == "__main__":
    execute_from_command_line([sys.argv[0], "runserver", "--noreload", os.environ.get("PORT", "8000")])
