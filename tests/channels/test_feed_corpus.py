"""The feeds that feedparser itself is tested with: read twice, nothing new the second time."""

import subprocess
import sys
import tarfile
import tempfile
from importlib.metadata import version
from pathlib import Path

import pytest

from sori.channels.rss import Rss
from sori.errors import ChannelError

RSS = Rss()


@pytest.fixture(scope="module")
def feeds() -> list[tuple[str, bytes]]:
    """Every feed in the source package, which is kept between runs outside the repository."""
    release = version("feedparser")
    cache = Path(tempfile.gettempdir()) / "sori-test-corpora"
    package = cache / f"feedparser-{release}.tar.gz"
    if not package.exists():
        command = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "--dest",
            str(cache),
        ]
        command += ["--no-binary", ":all:", f"feedparser=={release}"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode or not package.exists():
            pytest.skip(f"NO FEED CORPUS: feedparser's source cannot be had: {done.stderr[-300:]}")
    with tarfile.open(package) as archive:
        members = [each for each in archive if each.isfile() and "/tests/" in each.name]
        return [
            (each.name, archive.extractfile(each).read())  # type: ignore[union-attr]
            for each in members
            if each.name.endswith(".xml")
        ]


def read_twice(web, listener, feeds) -> dict[str, int]:
    told = {
        "feeds": 0,
        "rows": 0,
        "broken": 0,
        "no feed": 0,
        "failed": 0,
        "again": 0,
        "other names": 0,
    }
    for number, (_, body) in enumerate(feeds):
        path = f"/{number}"
        web.answers[path] = (200, {"Content-Type": "application/xml"}, body)
        settings = RSS.Settings(url=web.url + path, allow_private=True)
        told["feeds"] += 1
        try:
            pages = list(RSS.fetch(settings, None, listener))
        except ChannelError as error:
            told["no feed" if "is no feed" in str(error) else "failed"] += 1
            continue
        names = [name for page in pages for name in page.mentions["id"].to_pylist()]
        again = list(RSS.fetch(settings, pages[-1].cursor, listener)) if pages else []
        afresh = list(RSS.fetch(settings, None, listener))
        told["rows"] += len(names)
        told["broken"] += sum(len(page.broken) for page in pages)
        told["again"] += sum(page.mentions.num_rows for page in again)
        told["other names"] += names != [
            name for page in afresh for name in page.mentions["id"].to_pylist()
        ]
        del web.answers[path]
    return told


@pytest.mark.slow
def test_it_reads_them_all_twice(web, listener, feeds):
    told = read_twice(web, listener, feeds)

    assert told["feeds"] > 2_000
    assert told["rows"] > 1_000
    assert told["no feed"] < 20
    assert told["failed"] == 0
    assert (told["broken"], told["again"], told["other names"]) == (0, 0, 0)
