# sphinx-build examples/sphinx_shop build/sphinx_shop
project = "A shop"
extensions = ["rr_snippet.integrations.sphinx"]
html_theme = "basic"
rr_snippet = {
    "customers": "customers.json",
    "customer": {"customerId": "100042", "email": "anna@shop.ru"},
    "exclude": ["genindex.html", "search.html"],
    "allow_personal": True,
}
