"""The local page where people try a customer and look at the result: `rr-snippet preview`.

One way through: what was typed (`form`) -> a customer or its problems, blocks, sizes (`result`) -> HTML (`pages`) ->
the application (`app`) behind its `guard` on a `server`, or one file (`static`). `examples`, `code_lines`,
`highlight` and `words` fill the page. Only `app` and `server` need an extra.
"""
