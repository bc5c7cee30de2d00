"""A customer becomes the block, and the block is read back. The only room that renders our templates.

To read it, begin with `options` and `render`; then `payload`, the vendor's names and order, and `order`, the same of
what was bought; `escape`, which makes text of data, and `frame`, where the templates are. `csp` is about nonces and
hashes; `read_back` recognises a block of ours in a page.
"""
