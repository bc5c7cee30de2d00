"""The way into each framework: finds customer, options and nonce there, and adds nothing else.

To read it, begin with `_visit`, what all of them do alike, over `_settings`, `_people`, `_nonces`, and `_telling` with
its `_records`; then `_answer`, what is known of a response, and `_exit`, what is done to it as it leaves, by
`_headers`. Then any of `django`, `flask`, `starlette` and `litestar` over `_asgi` and `_asgi_visit`, `wsgi`, and
`jinja` over `_jinja`. `_pages` puts the block into finished pages, `_caching_calls` and `_flask_caching` keep it out of
stores. `mkdocs`, `pelican` and `sphinx` are thin: their engine is rr_snippet/site.

The deferred card is `_deferred`, with `_addresses`, `_marker`, `_asgi_deferred` and `_flask_deferred`.
"""
