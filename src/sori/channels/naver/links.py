"""One name for one post, however its address is spelled."""

import re
from typing import Final
from urllib.parse import SplitResult, parse_qsl, urlsplit

BLOG_PATH: Final = re.compile(r"/([\w-]+)(?:/(\d+))?/?", re.ASCII)
CAFE_PATH: Final = re.compile(r"/([\w-]+)/(\d+)/?", re.ASCII)
CLUB_PATH: Final = re.compile(r"/(?:ca-fe|f-e)/(?:web/)?cafes/(\d+)/articles/(\d+)/?", re.ASCII)
NEWS_PATH: Final = re.compile(r"/(?:\w+/)?article/(\d+)/(\d+)/?", re.ASCII)
OLD_BLOG: Final = ".blog.me"
TRACES: Final = re.compile(r"utm_\w+|fbclid|gclid|n_media|n_query|n_rank|n_ad|NaPm", re.ASCII)
"""Parameters that tell where a visitor came from, never what is shown."""


def canonical(link: str) -> str:
    """The one spelling of a post's address by which it is known; not always one to open.

    A blog post comes as `m.blog.naver.com/kim/223`, `blog.naver.com/PostView.naver?blogId=kim&
    logNo=223` and in half a dozen more ways, and likewise posts of cafes, Knowledge iN and news.

    Raises:
        ValueError: it is no http or https address.

    >>> canonical("http://m.blog.naver.com/PostView.nhn?blogId=kim&logNo=223")
    'https://blog.naver.com/kim/223'
    """
    parts = urlsplit("".join(link.split()))
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"{link[:200]!r} is no http or https address")
    return _on_naver(parts) or _elsewhere(parts)


def _on_naver(parts: SplitResult) -> str | None:
    host = (parts.hostname or "").removeprefix("m.")
    asked = dict(parse_qsl(parts.query))
    if host == "blog.naver.com" or host.endswith(OLD_BLOG):
        return _blog(host, parts.path, asked)
    if host == "cafe.naver.com":
        return _cafe(parts.path, asked)
    if host == "kin.naver.com" and _number(asked.get("docId")):
        return f"https://kin.naver.com/qna/detail.naver?docId={asked['docId']}"
    if host in {"news.naver.com", "n.news.naver.com"}:
        return _news(parts.path, asked)
    return None


def _blog(host: str, path: str, asked: dict[str, str]) -> str | None:
    found = BLOG_PATH.fullmatch(path)
    if host.endswith(OLD_BLOG):
        writer, number = host.removesuffix(OLD_BLOG), path.strip("/")
    else:
        writer = asked.get("blogId") or (found[1] if found else "")
        number = asked.get("logNo") or (found[2] if found and found[2] else "")
    if not re.fullmatch(r"[\w-]+", writer, re.ASCII) or not _number(number):
        return None
    return f"https://blog.naver.com/{writer.lower()}/{number}"


def _cafe(path: str, asked: dict[str, str]) -> str | None:
    if club := CLUB_PATH.fullmatch(path):
        return f"https://cafe.naver.com/ca-fe/cafes/{club[1]}/articles/{club[2]}"
    club_id, article = asked.get("clubid"), asked.get("articleid")
    if _number(club_id) and _number(article):
        return f"https://cafe.naver.com/ca-fe/cafes/{club_id}/articles/{article}"
    post = CAFE_PATH.fullmatch(path)
    return f"https://cafe.naver.com/{post[1].lower()}/{post[2]}" if post else None


def _news(path: str, asked: dict[str, str]) -> str | None:
    found = NEWS_PATH.fullmatch(path)
    paper, article = found.groups() if found else (asked.get("oid"), asked.get("aid"))
    if not (_number(paper) and _number(article)):
        return None
    return f"https://n.news.naver.com/article/{paper}/{article}"


def _elsewhere(parts: SplitResult) -> str:
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    port = "" if parts.port in {None, 80, 443} else f":{parts.port}"
    kept = [
        each for each in parts.query.split("&") if each and not TRACES.fullmatch(each.split("=")[0])
    ]
    query = "?" + "&".join(kept) if kept else ""
    return f"https://{host}{port}{parts.path or '/'}{query}"


def _number(text: str | None) -> bool:
    return bool(text) and str(text).isascii() and str(text).isdigit()
