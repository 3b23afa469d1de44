"""Addresses of ideas: the desk's, and those of the public portal."""

from django.urls import URLPattern

app_name = "ideas"
urlpatterns: list[URLPattern] = []
