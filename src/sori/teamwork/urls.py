"""Addresses of tasks."""

from django.urls import path

from sori.teamwork import views

app_name = "teamwork"
urlpatterns = [
    path("tasks/", views.tasks, name="tasks"),
    path("tasks/bottlenecks/", views.bottlenecks, name="bottlenecks"),
    path("tasks/of-case/<int:case>/", views.tasks_of_case, name="of_case"),
    path("tasks/of-case/<int:case>/ask/", views.ask, name="ask"),
    path("tasks/of-case/<int:case>/ask-by-mail/", views.ask_by_mail, name="ask_by_mail"),
    path("tasks/<int:task>/take/", views.take, name="take"),
    path("tasks/<int:task>/answer/", views.answer, name="answer"),
    path("tasks/<int:task>/withdraw/", views.withdraw, name="withdraw"),
    path("tasks/<int:task>/ask-again/", views.ask_again, name="ask_again"),
]
