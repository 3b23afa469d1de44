"""Addresses of initiatives."""

from django.urls import path

from sori.change.initiatives.views import beside, board, deeds, one, papers, writing

app_name = "initiatives"
urlpatterns = [
    path("initiatives/", board.board, name="board"),
    path("initiatives/timeline/", board.line, name="timeline"),
    path("initiatives/to-tell/", board.to_tell, name="to_tell"),
    path("initiatives/new/", writing.new, name="new"),
    path("initiatives/attach/", writing.attach, name="attach"),
    path("initiatives/of-theme/<int:theme>/", beside.of_theme, name="of_theme"),
    path("initiatives/of-case/<int:case>/", beside.of_case, name="of_case"),
    path("initiatives/<int:initiative>/", one.initiative, name="initiative"),
    path("initiatives/<int:initiative>.json", one.export, name="export"),
    path("initiatives/<int:initiative>/edit/", writing.edit, name="edit"),
    path("initiatives/<int:initiative>/decide/", deeds.decide, name="decide"),
    path("initiatives/<int:initiative>/move/", deeds.move, name="move"),
    path("initiatives/<int:initiative>/reopen/", deeds.reopen, name="reopen"),
    path("initiatives/<int:initiative>/sign/", deeds.sign, name="sign"),
    path("initiatives/<int:initiative>/detach/", deeds.detach, name="detach"),
    path("initiatives/<int:initiative>/discuss/", deeds.discuss, name="discuss"),
    path("initiatives/<int:initiative>/files/", papers.keep, name="keep_file"),
    path("initiatives/<int:initiative>/files/<int:file>/", papers.file, name="file"),
    path(
        "initiatives/<int:initiative>/files/<int:file>/remove/",
        papers.remove,
        name="remove_file",
    ),
]
