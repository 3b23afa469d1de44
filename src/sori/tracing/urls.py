"""Addresses of tracing."""

app_name = "tracing"
urlpatterns: list[object] = []
