"""The addresses of the reading room."""

from django.urls import path

from sori.insight import model_views, views
from sori.insight.explore import saving
from sori.insight.explore import views as explorer

app_name = "insight"
urlpatterns = [
    path("overview/", views.overview, name="overview"),
    path("overview/charts/<str:script>", views.charts_library, name="library"),
    path("model/", model_views.model, name="model"),
    path("explore/", explorer.explore, name="explore"),
    path("explore/panel/<slug:panel>/", explorer.panel, name="explore_panel"),
    path("explore/why/<slug:mention>/", explorer.why, name="explore_why"),
    path("explore/views/", saving.save_view, name="save_view"),
    path("explore/views/<int:view>/", saving.change_view, name="change_view"),
    path("explore/views/<int:view>/delete/", saving.delete_view, name="delete_view"),
    path("explore/export/<slug:form>/", saving.export, name="export_mentions"),
]
