"""The local page where people try a customer and see the result: `rr-snippet preview`.

The way through it: what a browser has `sent` (the `form`, JSON or CSV as `records`, code that was `pasted`, `choices`
of options) -> by `look`, a customer or its problems, blocks, code (`result`, with warnings `beside` errors) -> HTML
(`pages`) -> the application (`app`) behind its `guard` on a `server`, or a single file (`static`).

The parts of the page: `notices` (problems with the names that were typed, on lines found by `json_places`),
`explanations` of codes, `knowledge` (what the tracker will know, in plain words), `highlight`, `code_lines`,
`examples`, and the `words`, in one of the `languages`. Only `app`, `guard` and `server` need an extra.
"""
