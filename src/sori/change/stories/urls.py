"""Addresses of stories: the desk's, and the public pages."""

from django.urls import URLPattern

app_name = "stories"
urlpatterns: list[URLPattern] = []
