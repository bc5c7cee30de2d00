"""A Flask shop, for gunicorn."""

from __future__ import annotations

import gzip
from typing import Any

from flask import Flask, Response, make_response, render_template_string, request, stream_template_string
from flask_caching import Cache
from flask_compress import Compress

from rr_snippet.integrations.flask import RRSnippet
from tests.servers.pages import HEADERS, PAGE, VALIDATORS, customer_of, order_of

SOURCE = PAGE.replace("{tag}", "{{ rr_customer() }}")
ORDER_SOURCE = PAGE.replace("{tag}", "{{ rr_order(order) }}{{ rr_customer() }}")

app = Flask(__name__)
cache = Cache(app, config={"CACHE_TYPE": "SimpleCache"})
app.config["COMPRESS_CACHE_BACKEND"] = lambda: cache
# By path alone, as in the manual, for some pages: an anonymous visitor's copy of these is kept for everybody.
app.config["COMPRESS_CACHE_KEY"] = lambda request: (
    request.full_path if request.path == "/compress-cached" else f"{request.full_path} {request.cookies.get('as')}"
)
app.config["COMPRESS_MIN_SIZE"] = 10
app.config["COMPRESS_ALGORITHM"] = ["gzip"]
Compress(app)
rr = RRSnippet(app, customer=lambda request: customer_of(request.cookies))
store: dict[str, str] = {}


def made() -> str:
    return render_template_string(SOURCE)


@app.get("/<name>")
def page(name: str) -> Any:
    return made(), HEADERS[name]


@app.get("/compress-cached")
def compress_cached() -> Any:
    return made(), HEADERS["public"]


@app.get("/order")
def order() -> Any:
    order = order_of(request.cookies)
    return render_template_string(ORDER_SOURCE, order=order), HEADERS["public"]


@app.get("/404")
def missing() -> Any:
    return made(), 404, HEADERS["public"]


@app.get("/fragment")
def fragment() -> Any:
    return render_template_string("{% cache 600, 'side' %}" + SOURCE + "{% endcache %}"), HEADERS["public"]


@app.get("/kept")
def kept() -> Any:
    return store.setdefault("page", made()), HEADERS["public"]


@app.get("/stream")
def stream() -> Any:
    rr.prepare()
    return stream_template_string(SOURCE), HEADERS["public"]


@app.get("/cached")
@cache.cached(600)
def cached() -> Any:
    return made(), HEADERS["public"]


@app.get("/compressed")
@cache.cached(600)
def compressed() -> Any:
    return Response(gzip.compress(made().encode()), headers={"Content-Encoding": "gzip", **HEADERS["public"]})


@app.get("/conditional")
def conditional() -> Any:
    response = make_response(made(), VALIDATORS)
    return response.make_conditional(request)
