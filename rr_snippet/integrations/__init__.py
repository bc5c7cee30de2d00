"""An integration for each framework, which finds the customer, the options and the nonce there.

Start with `_visit`, the policy that all of them share, on top of `_settings`, `_people`, `_nonces`, and `_telling` with
its `_records`. Then `_answer` is the state of a response, and `_exit` with `_headers` checks it as it leaves. The
integrations are `django`, `flask`, `starlette` and `litestar` (on top of `_asgi` and `_asgi_visit`), `wsgi`, and
`jinja` with `_jinja`. `_pages` puts the block into finished pages, `_caching_calls` and `_flask_caching` keep it out of
stores. `mkdocs`, `pelican` and `sphinx` are thin: their engine is rr_snippet/site.

The deferred card is `_deferred`, with `_addresses`, `_marker`, `_asgi_deferred` and `_flask_deferred`.
"""
