"""Addresses of telling everybody who raised something."""

from django.urls import URLPattern

app_name = "loops"
urlpatterns: list[URLPattern] = []
