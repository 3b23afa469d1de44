"""Addresses under /members/."""

from django.urls import path

from sori.staff import views

app_name = "staff"
urlpatterns = [
    path("", views.members, name="members"),
    path("me/", views.profile, name="profile"),
    path("me/password/", views.password, name="password"),
    path("<int:pk>/", views.change, name="change"),
    path("<int:pk>/face/", views.face, name="face"),
    path("<int:pk>/link/", views.new_link, name="new_link"),
    path("<int:pk>/deactivate/", views.deactivate, name="deactivate"),
]
