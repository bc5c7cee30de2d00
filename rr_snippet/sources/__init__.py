"""Customers out of streams: JSON, JSON Lines, CSV, and fields that are all text.

To read it, begin with `records`, which finds them in the `lines` of a stream; `csv_rows` reads CSV, `text_fields`
decodes cells and form fields, `columns` says which name stands for which field. `kinds` knows a file by its first
bytes, `encodings` guesses in what text was written.
"""
