"""What every function here does to its arguments first: make them real arrays, check their shape.

The rule: the type follows the data. float32 stays float32, complex stays complex (the complex
step needs it), whole numbers and booleans become float64.
"""

import numpy as np

__all__ = ["as_real", "expect_same_shape", "expect_shape", "magnitude"]


def as_real(z, name="z"):
    """z as an array that is not whole numbers. Never a copy where none is needed."""
    array = np.asarray(z)
    if array.dtype.kind in "fc":
        return array
    if array.dtype.kind in "biu":
        return array.astype(np.float64)
    raise TypeError(f"{name}: expected numbers, got {_describe(z, array)}")


def magnitude(z):
    """|z|, and for complex z the analytic continuation that keeps the imaginary part."""
    if z.dtype.kind != "c":
        return np.abs(z)
    return np.where(z.real >= 0, z, -z)


def expect_shape(name, array, shape):
    """Raise ValueError unless array has this shape; a string in it is a letter that fits any size.

    expect_shape("w", w, (3, 1)); expect_shape("X", X, ("n_x", "m"))
    """
    got = np.shape(array)
    fits = len(got) == len(shape) and all(
        isinstance(size, str) or size == actual for size, actual in zip(shape, got, strict=True)
    )
    if not fits:
        raise ValueError(f"{name}: expected shape {_written(shape)}, got {_written(got)}")


def expect_same_shape(name, array, other_name, other):
    """Raise ValueError unless both have one shape: broadcasting would hide the mistake."""
    if np.shape(array) != np.shape(other):
        raise ValueError(
            f"{name}: expected shape {_written(np.shape(other))} like {other_name}, "
            f"got {_written(np.shape(array))}"
        )


def _written(shape):
    sizes = ", ".join(str(size) for size in shape)
    return f"({sizes},)" if len(shape) == 1 else f"({sizes})"


def _describe(value, array):
    return type(value).__name__ if array.dtype.kind == "O" else f"an array of {array.dtype}"
