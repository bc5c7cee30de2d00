# pelican examples/pelican_shop/content -s examples/pelican_shop/pelicanconf.py -o build/pelican_shop
SITENAME = "A shop"
PATH = "content"
TIMEZONE = "UTC"
DEFAULT_LANG = "en"
THEME = "simple"
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
PLUGINS = ["rr_snippet.integrations.pelican"]
RR_SNIPPET = {
    "CUSTOMERS": "../customers.jsonl",
    "CUSTOMER": {"customerId": "100042", "email": "anna@shop.ru"},
    "ALLOW_PERSONAL": True,
}
