"""Slopes without calculus, to prove those that calculus gave.

For a function that works entry by entry: `central_difference` and `complex_step`. For a function
from an array to one number: `numerical_gradient` and `complex_gradient`. Check in float64, away
from kinks: a central difference is good to about 1e-10, the complex step to the last digit.
"""

import numpy as np

from nnlib.arrays import expect_shape

__all__ = [
    "central_difference",
    "check_gradients",
    "complex_gradient",
    "complex_step",
    "gradient_check",
    "numerical_derivative",
    "numerical_gradient",
    "relative_error",
]


def numerical_derivative(f, a, h=1e-5):
    """The slope of f at the number a, by a nudge to both sides: (f(a + h) − f(a − h)) / 2h."""
    return (f(a + h) - f(a - h)) / (2 * h)


def central_difference(f, z, h=1e-5):
    """The slope of f at every entry of z, for an f that works entry by entry."""
    z = np.asarray(z, dtype=np.float64)
    return (f(z + h) - f(z - h)) / (2 * h)


def complex_step(f, z, h=1e-30):
    """The same from one step in the imaginary direction: Im f(z + ih) / h.

    Nothing is subtracted, so h can be tiny and no digit is lost (Squire & Trapp 1998).
    """
    return f(np.asarray(z) + 1j * h).imag / h


def numerical_gradient(f, x, h=1e-5):
    """The gradient of f, array → number, at x: a central difference for each entry."""
    x = np.array(x, dtype=np.float64)
    return _entry_by_entry(x, lambda nudge: (f(x + nudge) - f(x - nudge)) / (2 * h), h)


def complex_gradient(f, x, h=1e-30):
    """The gradient of f, array → number, at x: a complex step for each entry."""
    x = np.array(x, dtype=np.float64)
    return _entry_by_entry(x, lambda nudge: f(x + nudge).imag / h, 1j * h)


def relative_error(a, b):
    """‖a − b‖ / (‖a‖ + ‖b‖): 0 when they agree, 1 when they have nothing in common."""
    a, b = np.asarray(a), np.asarray(b)
    expect_shape("b", b, a.shape)
    size = np.linalg.norm(a) + np.linalg.norm(b)
    return 0.0 if size == 0 else float(np.linalg.norm(a - b) / size)


def gradient_check(f, gradient, theta, h=1e-5):
    """How far gradient(theta) is from the numerical gradient of f, as a relative error."""
    return relative_error(gradient(theta), numerical_gradient(f, theta, h))


def check_gradients(model, X, rng, h=1e-5, **options):
    """Relative errors of a layer's or a network's backward pass, by name: {"X": …, "W": …}.

    The model has forward(X, **options), backward(dA) → dX, and params and grads: two dicts or two
    lists of arrays that belong together. The function checked is Σ dA · forward(X) with a random
    dA. Parameters are nudged in place and put back; forward must not draw random numbers.
    """
    X = np.array(X, dtype=np.float64)
    dA = rng.normal(size=model.forward(X, **options).shape)
    errors = {
        "X": relative_error(_copy(model.backward(dA)), _loss_gradient(model, X, dA, X, h, options))
    }
    grads = {name: _copy(grad) for name, grad in _named(model.grads)}
    for name, parameter in _named(model.params):
        slope = _loss_gradient(model, X, dA, parameter, h, options)
        errors[name] = relative_error(grads[name], slope)
    return errors


def _loss_gradient(model, X, dA, place, h, options):
    """The gradient of Σ dA · forward(X) in the entries of `place`, which is X or a parameter."""
    value = place.copy()

    def loss(x):
        place[...] = x
        return np.sum(dA * model.forward(X, **options))

    gradient = numerical_gradient(loss, value, h)
    place[...] = value
    return gradient


def _entry_by_entry(x, slope, size):
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        nudge = np.zeros(x.shape, dtype=type(size))
        nudge[index] = size
        gradient[index] = slope(nudge)
    return gradient


def _named(arrays):
    """(name, array) pairs of a dict, or of a list under the names 0, 1, …"""
    return list(arrays.items()) if isinstance(arrays, dict) else list(enumerate(arrays))


def _copy(array):
    return np.array(array)
