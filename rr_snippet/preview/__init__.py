"""The local page where people try a customer and look at the result: `rr-snippet preview`.

One way through: what was typed (`form.py`) -> a customer or its problems, blocks, sizes (`result.py`) -> HTML
(`pages.py`) -> the server (`server.py`, the only module that needs the extra `preview`) or one file (`static.py`).
"""
