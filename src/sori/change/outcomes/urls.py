"""Addresses of what a change has brought."""

from django.urls import URLPattern

app_name = "outcomes"
urlpatterns: list[URLPattern] = []
