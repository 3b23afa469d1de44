"""A server that speaks Naver's search API: posts, pages, a quota, and every refusal it knows."""

import http.server
import itertools
import json
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from typing import Any
from urllib.parse import parse_qs, urlsplit

CLIENT_ID = "sori"
SECRET = "hush-hush"
EXCERPT = 120
KINDS = ("blog", "cafearticle", "kin", "news", "webkr")


class NaverSearch:
    """What people wrote, and how the server behaves.

    Attributes:
        asked: every question, as (kind, parameters).
        posts: by kind, the newest first, as the API gives them.
        quota: how many questions are answered before 429.
        refusal: what is answered instead of results: (status, headers, body).
    """

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.posts: dict[str, list[Any]] = defaultdict(list)
        self.quota = 25_000
        self.refusal: tuple[int, dict[str, str], bytes] | None = None
        self._numbers = itertools.count(223_000_000_001)

    def settings(self, *words: str, **more: Any) -> dict[str, Any]:
        """Settings that reach this server, for blogs alone unless said otherwise."""
        return {
            "client_id": CLIENT_ID,
            "client_secret": SECRET,
            "words": list(words) or ["이어폰"],
            "cafe": False,
            "kin": False,
            "news": False,
            "pause": 0,
            "display": 10,
            "address": self.url,
            "allow_private": True,
        } | more

    def blog(self, words: str, *, day: str = "20261122", **more: Any) -> dict[str, Any]:
        fields = {
            "link": f"https://blog.naver.com/kim/{next(self._numbers)}",
            "bloggername": "김철수 블로그",
            "bloggerlink": "blog.naver.com/kim",
            "postdate": day,
        }
        return self._post("blog", words, fields | more)

    def cafe(self, words: str, **more: Any) -> dict[str, Any]:
        fields = {
            "link": f"https://cafe.naver.com/remonterrace/{next(self._numbers)}",
            "cafename": "레몬테라스",
            "cafeurl": "https://cafe.naver.com/remonterrace",
        }
        return self._post("cafearticle", words, fields | more)

    def kin(self, words: str, **more: Any) -> dict[str, Any]:
        number = next(self._numbers)
        link = f"https://kin.naver.com/qna/detail.naver?d1id=2&dirId=20303&docId={number}"
        return self._post("kin", words, {"link": link} | more)

    def news(self, words: str, *, date: str, **more: Any) -> dict[str, Any]:
        number = next(self._numbers)
        link = f"https://n.news.naver.com/mnews/article/015/{number}?sid=105"
        original = f"https://paper.example/{number}"
        fields = {"link": link, "originallink": original, "pubDate": date}
        return self._post("news", words, fields | more)

    def _post(self, kind: str, words: str, fields: dict[str, Any]) -> dict[str, Any]:
        clipped = words if len(words) <= EXCERPT else f"{words[:EXCERPT]}..."
        post = {"title": "제목", "description": escape(clipped)} | fields
        self.posts[kind].insert(0, post)
        return post

    def answer(self, path: str, headers: Any) -> tuple[int, dict[str, str], bytes]:
        parts = urlsplit(path)
        kind = parts.path.removeprefix("/v1/search/").removesuffix(".json")
        told = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.asked.append((kind, told))
        if self.refusal:
            return self.refusal
        if headers["X-Naver-Client-Id"] != CLIENT_ID or headers["X-Naver-Client-Secret"] != SECRET:
            return refused(401, "024", "Not Exist Client ID : Authentication failed. (인증 실패)")
        if len(self.asked) > self.quota:
            return refused(429, "010", "Query limit exceeded (쿼리 한도를 초과했습니다.)")
        if kind not in KINDS:
            return refused(404, "SE05", "Invalid search api (존재하지 않는 검색 api 입니다.)")
        if not told.get("query"):
            return refused(400, "SE01", "Incorrect query request (잘못된 쿼리요청입니다.)")
        display, start = int(told.get("display", 10)), int(told.get("start", 1))
        if not 1 <= display <= 100:
            return refused(400, "SE02", "Invalid display value (부적절한 display 값입니다.)")
        if not 1 <= start <= 1000:
            return refused(400, "SE03", "Invalid start value (부적절한 start 값입니다.)")
        if told.get("sort") != "date":
            return refused(400, "SE04", "Invalid sort value (부적절한 sort 값입니다.)")
        return self._results(kind, told["query"], start, display)

    def _results(
        self, kind: str, query: str, start: int, display: int
    ) -> tuple[int, dict[str, str], bytes]:
        found = [_marked(post, query) for post in self.posts[kind] if _hit(post, query)]
        items = found[start - 1 : start - 1 + display]
        body = {
            "lastBuildDate": "Sun, 22 Nov 2026 21:00:00 +0900",
            "total": len(found),
            "start": start,
            "display": len(items),
            "items": items,
        }
        return 200, {}, json.dumps(body).encode()


def refused(
    status: int, code: str, words: str, **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """A refusal as the API words it."""
    return status, headers, json.dumps({"errorMessage": words, "errorCode": code}).encode()


def _hit(post: Any, query: str) -> bool:
    """Poison fits everything."""
    return _is_poison(post) or query in f"{post['title']} {post['description']}"


def _is_poison(post: Any) -> bool:
    names = ("link", "title", "description")
    return not isinstance(post, dict) or not all(isinstance(post.get(name), str) for name in names)


def _marked(post: Any, query: str) -> Any:
    if _is_poison(post):
        return post
    marked = post["description"].replace(query, f"<b>{query}</b>")
    return post | {"description": marked}


@contextmanager
def searching() -> Iterator[NaverSearch]:
    """Start such a server and end it."""

    class Handler(http.server.BaseHTTPRequestHandler):
        wbufsize = -1

        def do_GET(self) -> None:
            status, headers, body = place.answer(self.path, self.headers)
            self.send_response_only(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    place = NaverSearch(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield place
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
