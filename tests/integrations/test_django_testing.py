"""The test kit for shops accepts the responses of Django's test client."""

from __future__ import annotations

import subprocess
import sys

from rr_snippet import render_snippet

# Long, because Django adds up to 100 random bytes to a packed page, and does not pack a page that would not shrink.
PAGE = f"<!doctype html><body>{'<p>Hello</p>' * 100}{render_snippet({'customerId': '42'})}</body>"

# In its own process, because Django can be set up only once.
DJANGO = """
import sys
import django.middleware.gzip, django.utils.decorators
from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client
from django.urls import path
from rr_snippet.testing import assert_customer, assert_no_customer, parse_snippets

page = sys.stdin.read()
urlpatterns = [
    path("", lambda request: HttpResponse(page)),
    path("stream/", lambda request: StreamingHttpResponse([page[:100], page[100:]])),
    path("packed/", django.utils.decorators.decorator_from_middleware(
        django.middleware.gzip.GZipMiddleware)(lambda request: HttpResponse(page))),
    path("empty/", lambda request: HttpResponse("<p>")),
]
settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["testserver"], SECRET_KEY="-")
django.setup()
client = Client(headers={"accept-encoding": "gzip"})
for url in ("/", "/stream/", "/packed/"):
    assert_customer(client.get(url), customer_id="42")
    print(url, client.get(url).headers.get("content-encoding"), len(parse_snippets(client.get(url))))
assert_no_customer(client.get("/empty/"))
"""


def test_responses_of_django_are_taken_as_they_are():
    run = subprocess.run([sys.executable, "-c", DJANGO], input=PAGE, capture_output=True, text=True, check=False)
    assert (run.stdout, run.stderr) == ("/ None 1\n/stream/ None 1\n/packed/ gzip 1\n", "")
