"""How each channel that asks a web server is told to ask another one."""

from collections.abc import Callable
from typing import Any

from peers import bluesky_server, mastodon_server, matrix_server, wordpress_api, x_server


def _naver(at: Any) -> dict[str, Any]:
    return {
        "client_id": "id",
        "client_secret": "secret",
        "words": ["이어폰"],
        "address": at.url,
        "pause": 0,
        "allow_private": True,
    }


SETTINGS: dict[str, Callable[[Any], dict[str, Any]]] = {
    "rss": lambda at: {"url": at.url + "/feed", "allow_private": True},
    "naver": _naver,
    "mastodon": mastodon_server.settings_of,
    "matrix": matrix_server.settings_of,
    "wordpress": wordpress_api.settings_of,
    "x": x_server.settings_of,
    "bluesky": bluesky_server.settings_of,
}
