"""Addresses of telling everybody who raised something."""

from django.urls import path

from sori.change.loops import views

app_name = "loops"
urlpatterns = [
    path("initiatives/<int:initiative>/tell/", views.tell, name="tell"),
    path("initiatives/<int:initiative>/tell/dry-run/", views.dry_run, name="dry_run"),
    path("initiatives/<int:initiative>/tell/results/", views.results, name="results"),
    path("initiatives/<int:initiative>/tell/write/", views.write, name="write"),
    path("initiatives/<int:initiative>/tell/approve/", views.approve, name="approve"),
    path("initiatives/<int:initiative>/tell/stop/", views.stop, name="stop"),
    path("initiatives/<int:initiative>/tell/go-on/", views.go_on, name="go_on"),
]
