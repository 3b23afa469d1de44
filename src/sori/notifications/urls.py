"""Addresses under /notifications/."""

from django.urls import path

from sori.notifications import choice_views, outlet_views, views

app_name = "notifications"
urlpatterns = [
    path("", views.page, name="page"),
    path("bell/", views.bell, name="bell"),
    path("read/", views.read_all, name="read_all"),
    path("<int:pk>/", views.open_one, name="open"),
    path("case/<int:case>/", views.watch, name="watch"),
    path("case/<int:case>/follow/", views.follow, name="follow"),
    path("settings/", choice_views.choices, name="choices"),
    path("mail/<str:token>/", choice_views.mail, name="mail"),
    path("rooms/", outlet_views.rooms, name="rooms"),
    path("rooms/<int:pk>/", outlet_views.change, name="change_room"),
    path("outlets/", outlet_views.add, name="add_outlet"),
    path("outlets/<int:pk>/try/", outlet_views.attempt, name="try_outlet"),
    path("outlets/<int:pk>/remove/", outlet_views.remove, name="remove_outlet"),
]
