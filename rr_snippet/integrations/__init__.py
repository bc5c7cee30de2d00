"""The way into each framework: finds customer, options and nonce there, and adds nothing else.

To read it, begin with `_visit`, what all of them do alike, and `_settings`; then any of `django`, `flask`,
`starlette` and `litestar` over `_asgi`, `wsgi`, and `jinja` over `_jinja`. `_headers` keeps a response private,
`_pages` puts the block into finished pages, `_caching_calls` and `_flask_caching` keep it out of stores. `mkdocs`,
`pelican` and `sphinx` are thin: their engine is rr_snippet/site.
"""
