"""Addresses of themes, campaigns and surges."""

from django.urls import path

from sori.change import (
    board_views,
    campaign_views,
    decision_views,
    group_views,
    split_views,
    surge_views,
    theme_views,
)

app_name = "change"
urlpatterns = [
    path("themes/", board_views.themes, name="themes"),
    path("themes/weights/", board_views.reweigh, name="reweigh"),
    path("themes/<int:theme>/", theme_views.theme, name="theme"),
    path("themes/<int:theme>/rename/", decision_views.rename, name="rename"),
    path("themes/<int:theme>/merge/", decision_views.merge, name="merge"),
    path("themes/<int:theme>/part/", decision_views.part, name="part"),
    path("themes/<int:theme>/split/", split_views.split, name="split"),
    path("themes/splits/<int:split>/put-back/", split_views.put_back, name="put_back"),
    path("themes/<int:theme>/dismiss/", decision_views.dismiss, name="dismiss"),
    path("themes/<int:theme>/take-back/", decision_views.take_back, name="take_back"),
    path("themes/<int:theme>/effort/", decision_views.estimate, name="estimate"),
    path("themes/<int:theme>/follow/", decision_views.follow, name="follow"),
    path("themes/<int:theme>/voices/<str:mention>/", theme_views.voice, name="voice"),
    path(
        "themes/<int:theme>/voices/<str:mention>/correct/",
        decision_views.correct,
        name="correct",
    ),
    path("themes/corrections/<int:correction>/undo/", decision_views.undo, name="undo"),
    path("themes/<int:theme>/answer/", group_views.answer_all, name="answer_all"),
    path("themes/of-case/<int:case>/", group_views.same, name="same"),
    path("answers/<int:group>/", group_views.group_answer, name="group_answer"),
    path("answers/<int:group>/take-back/", group_views.take_back, name="group_take_back"),
    path("campaigns/", campaign_views.campaigns, name="campaigns"),
    path("campaigns/<int:campaign>/", campaign_views.campaign, name="campaign"),
    path("surges/", surge_views.surges, name="surges"),
    path("surges/now/", surge_views.now, name="surges_now"),
    path("surges/<int:surge>/", surge_views.surge, name="surge"),
]
