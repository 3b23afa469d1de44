"""The addresses of what people teach."""

from django.urls import path

from sori.lessons.views import check, model, palette, topics

app_name = "lessons"
urlpatterns = [
    path("lessons/correct/", palette.correct, name="correct"),
    path("lessons/correct/<str:mention>/topics/", palette.topics, name="choose_topics"),
    path("lessons/restore/", palette.restore, name="restore"),
    path("lessons/check/", check.begin, name="begin"),
    path("lessons/check/<int:check>/", check.check, name="check"),
    path("lessons/retrain/", model.retrain, name="retrain"),
    path("lessons/training/", model.watch, name="training"),
    path("topics/", topics.topics, name="topics"),
    path("topics/text/", topics.text, name="topics_text"),
    path("topics/try/", topics.attempt, name="try_topics"),
    path("topics/new/", topics.new_topic, name="new_topic"),
    path("topics/<str:slug>/", topics.topic, name="topic"),
    path("topics/<str:slug>/delete/", topics.delete_topic, name="delete_topic"),
    path("lessons/speak/", model.speak, name="speak"),
]
