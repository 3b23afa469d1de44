"""A folder on this machine as a shelf. Whoever drops files there can lead nobody out of it."""

import io
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sori.channels.drop.settings import DropSettings, permitted
from sori.channels.drop.shelf import Item, few, finished
from sori.errors import ChannelError

PLAIN: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Folder:
    """A folder with what lies below it; links are not followed.

    Args:
        settings: which folder, and for how long a file must rest.
    """

    def __init__(self, settings: DropSettings) -> None:
        try:
            self._root = permitted(Path(settings.folder))
        except ValueError as error:
            raise ChannelError(f"{settings.folder}: {error}", permanent=True) from error
        if not self._root.is_dir():
            raise ChannelError(f"there is no folder {settings.folder}", permanent=True)
        self._still = settings.still

    def items(self) -> Iterator[Item]:
        """The files that have rested, as they are this moment.

        Their time is that of the last change of any kind: a file that is moved here with an old
        date is new here.

        Raises:
            ChannelError: the folder cannot be read.
        """
        until = time.time_ns() - self._still * 1_000_000_000
        return few(item for item in self._found() if item.at <= until)

    @contextmanager
    def opened(self, item: Item) -> Iterator[io.FileIO]:
        """A file that is still the one that was told.

        Raises:
            FileNotFoundError: it is not.
            ChannelError: permanent, when it may not be read.
        """
        try:
            descriptor = self._descend(item.name)
        except PermissionError as error:
            raise ChannelError(f"{item.name} may not be read", permanent=True) from error
        except (FileNotFoundError, NotADirectoryError, OSError) as error:
            raise FileNotFoundError(item.name) from error
        with io.FileIO(descriptor) as file:
            if _told(item.name, os.fstat(descriptor)) != item:
                raise FileNotFoundError(item.name)
            yield file

    def _found(self) -> Iterator[Item]:
        try:
            for place, folders, names, descriptor in os.fwalk(self._root, onerror=_tell):
                below = Path(place).relative_to(self._root)
                folders[:] = [name for name in folders if finished(name)]
                for name in filter(finished, names):
                    try:
                        facts = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
                    except FileNotFoundError:
                        continue  # taken away meanwhile
                    if stat.S_ISREG(facts.st_mode):
                        yield _told((below / name).as_posix(), facts)
        except OSError as error:
            raise ChannelError(f"{self._root} cannot be read: {error.strerror}") from error

    def _descend(self, name: str) -> int:
        """Open a file step by step, each without following a link."""
        *folders, last = name.split("/")
        place = os.open(self._root, PLAIN | os.O_DIRECTORY)
        try:
            for folder in folders:
                inner = os.open(folder, PLAIN | os.O_DIRECTORY, dir_fd=place)
                os.close(place)
                place = inner
            return os.open(last, PLAIN, dir_fd=place)
        finally:
            os.close(place)


def _told(name: str, facts: os.stat_result) -> Item:
    state = f"{facts.st_dev}:{facts.st_ino}:{facts.st_mtime_ns}"
    return Item(facts.st_ctime_ns, name, facts.st_size, state)


def _tell(error: OSError) -> None:
    raise error
