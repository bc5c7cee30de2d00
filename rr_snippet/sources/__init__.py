"""Read customers from streams: JSON, JSON Lines, CSV, and fields that are all text.

Start with `records`, which finds customers in the `lines` of a stream. `csv_rows` reads CSV, `text_fields` decodes
cells and form fields, `columns` maps names to fields, `names` recognises those that look like fields. `orders` reads
one order and its buyer. `kinds` recognises a file by its first bytes, `encodings` guesses the encoding of a text.
"""
