"""Tells Django about this app."""

from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    name = "sori.articles"
    default_auto_field = "django.db.models.BigAutoField"
