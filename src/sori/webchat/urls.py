"""The addresses of the chat: those a window asks, and those of the members.

`/chat/<name>/live` is not among them: a connection that waits for a living is not Django's
(`web.chat_live`).
"""

from django.urls import path

from sori.webchat.views import desk, window

app_name = "webchat"
urlpatterns = [
    path("chat/<slug:slug>/widget.js", window.widget, name="widget"),
    path("chat/<slug:slug>/start", window.start, name="start"),
    path("chat/<slug:slug>/say", window.say, name="say"),
    path("chat/<slug:slug>/history", window.history, name="history"),
    path("chat/<slug:slug>/mail", window.mail, name="mail"),
    path("chat/<slug:slug>/leave", window.leave, name="leave"),
    path("chat/<slug:slug>/face/<str:name>", window.face, name="face"),
    path("chat/<slug:slug>/preview/", desk.preview, name="preview"),
    path("chat/here/<int:case>/", desk.here, name="here"),
    path("sources/<int:source>/chat/", desk.set_up, name="set_up"),
    path("sources/<int:source>/chat/secret/", desk.new_secret, name="new_secret"),
]
