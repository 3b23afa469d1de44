"""Addresses of themes, campaigns and surges."""

from django.urls import path

from sori.change import campaign_views, decision_views, group_views, surge_views, theme_views

app_name = "change"
urlpatterns = [
    path("themes/", theme_views.themes, name="themes"),
    path("themes/<int:theme>/", theme_views.theme, name="theme"),
    path("themes/<int:theme>/rename/", decision_views.rename, name="rename"),
    path("themes/<int:theme>/merge/", decision_views.merge, name="merge"),
    path("themes/<int:theme>/part/", decision_views.part, name="part"),
    path("themes/<int:theme>/hide/", decision_views.hide, name="hide"),
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
