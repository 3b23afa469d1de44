"""The charting library as one script, made on this computer from the `vl-convert` package.

Nothing is fetched from anywhere: the package carries Vega, Vega-Lite and Vega-Embed inside. Making
the script takes some seconds, so it is kept in the home folder under a name that tells its version.
"""

import os
import tempfile
from importlib.metadata import version
from pathlib import Path


def library_name() -> str:
    """The file name; it changes with the version, so browsers may keep it for ever."""
    return f"vega-{version('vl-convert-python')}.js"


def library(folder: Path) -> Path:
    """Where the script lies, made there if it is not there yet."""
    path = folder / library_name()
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=folder)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(_script())
        # a rename is whole or not at all, also when two processes make it at once
        Path(draft).replace(path)
    return path


def _script() -> str:
    import vl_convert

    # the bundle declares thousands of names; inside a function they are nobody else's
    bundle: str = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    return f"(()=>{{{bundle}}})();"
