"""The addresses of the reading room."""

from django.urls import path

from sori.insight import views

app_name = "insight"
urlpatterns = [
    path("overview/", views.overview, name="overview"),
    path("overview/charts/<str:script>", views.charts_library, name="library"),
]
