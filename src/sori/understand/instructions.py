"""Two things every processor does in one step and numba has no words for.

`fetch` asks for memory before it is needed: looking a feature up is otherwise spent waiting for
main memory. `add_row` adds a whole row of small numbers at once, which the compiler does not see
in a loop over twenty of them. Both are LLVM's own and run on every processor.
"""

from collections.abc import Callable
from typing import Any, Final, cast

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

WIDTH: Final = 32
"""How many numbers `add_row` adds."""

_BYTE: Final = ir.IntType(8)
_INT: Final = ir.IntType(32)
_PLACE: Final = ir.IntType(64)


def _fetch(context: Any, array: Any, place: Any) -> Any:
    del context, place

    def written(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, values[0]).data
        address = builder.bitcast(builder.gep(data, [values[1]]), _BYTE.as_pointer())
        takes = ir.FunctionType(ir.VoidType(), [_BYTE.as_pointer(), _INT, _INT, _INT])
        prefetch = builder.module.declare_intrinsic("llvm.prefetch", [_BYTE.as_pointer()], takes)
        read, soon, data_not_code = (ir.Constant(_INT, number) for number in (0, 3, 1))
        builder.call(prefetch, [address, read, soon, data_not_code])
        return context.get_dummy_value()

    return types.void(array, types.int64), written


def _add_row(context: Any, sums: Any, rows: Any, place: Any) -> Any:
    del context, place

    def written(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        into, out_of = (
            context.make_array(kind)(context, builder, value).data
            for kind, value in zip(signature.args[:2], values[:2], strict=True)
        )
        narrow, wide = ir.VectorType(_BYTE, WIDTH), ir.VectorType(_INT, WIDTH)
        address = builder.bitcast(builder.gep(out_of, [values[2]]), narrow.as_pointer())
        row = builder.sext(builder.load(address, align=1), wide)
        into = builder.bitcast(into, wide.as_pointer())
        builder.store(builder.add(builder.load(into, align=4), row), into, align=4)
        return context.get_dummy_value()

    return types.void(sums, rows, types.int64), written


fetch: Final = cast("Callable[[Any, Any], None]", intrinsic(_fetch))
"""Have the memory at a place of a flat array brought near; the place need not exist."""

add_row: Final = cast("Callable[[Any, Any, Any], None]", intrinsic(_add_row))
"""Add WIDTH int8 of a flat array, from a place on, to WIDTH int32; all of them must be there."""
