"""Tells Django about this app."""

from django.apps import AppConfig


class TracingConfig(AppConfig):
    name = "sori.tracing"
