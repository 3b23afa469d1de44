"""Compile the inner loops once and keep the machine code, also where nothing may be written."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """The function as machine code, without the interpreter's lock, compiled at its first call.

    The code is kept beside the module or in the user's cache folder. Where neither can be written
    (a read-only image without a home) numba refuses to cache at all; then every process compiles
    for itself, which costs it a few seconds at its first batch.
    """
    try:
        return cast(Function, numba.njit(cache=True, nogil=True)(function))
    except RuntimeError:
        return cast(Function, numba.njit(nogil=True)(function))
