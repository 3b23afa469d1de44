"""Any number of processes append, compact and forget at once; nothing is lost or doubled."""

from collections import Counter
from multiprocessing import get_context

import lake_writers
from sori.lake.query import Reader
from sori.lake.store import Lake
from voices import numbers

PAGES, ROWS = 20, 50


def test_it_keeps_every_row_once_while_others_compact_and_forget(lake: Lake) -> None:
    uri = lake.storage.uri
    work = [
        (lake_writers.append_pages, (uri, 1, PAGES, ROWS)),
        (lake_writers.append_pages, (uri, 2, PAGES, ROWS)),
        (lake_writers.compact_often, (uri, 8)),
        (lake_writers.forget_often, (uri, 4)),
    ]
    context = get_context("spawn")
    processes = [context.Process(target=target, args=arguments) for target, arguments in work]
    for process in processes:
        process.start()
    for process in processes:
        process.join(timeout=120)
    assert [process.exitcode for process in processes] == [0, 0, 0, 0]
    stored = Reader(lake).table("SELECT source, external_id FROM mentions").to_pylist()
    assert Counter(row["source"] for row in stored) == {1: PAGES * ROWS, 2: PAGES * ROWS}
    assert len({(row["source"], row["external_id"]) for row in stored}) == len(stored)
    told = [n for _, rows in lake.since(-1) for n in numbers(rows)]
    assert Counter(told) == dict.fromkeys(range(PAGES * ROWS), 2)
