"""`path("rr-snippet/", include("rr_snippet.integrations.django.urls"))`: the loader and the card."""

from __future__ import annotations

from django.urls import path

from rr_snippet.integrations._addresses import CUSTOMER_NAME, LOADER_NAME
from rr_snippet.integrations.django.addresses import NAMESPACE
from rr_snippet.integrations.django.deferred import customer, loader

app_name = NAMESPACE
urlpatterns = [path(LOADER_NAME, loader, name="loader"), path(CUSTOMER_NAME, customer, name="customer")]
