"""Turn a customer into the block, and read a block back. No other room renders our templates.

Start with `options` and `render`. `payload` writes a person with the vendor's names and order, `order` writes what was
bought, `escape` turns data into text, `frame` has the templates. `csp` is about nonces and hashes. `read_back`
recognises a block of ours in a page.
"""
