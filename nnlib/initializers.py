"""How weights start. Each takes a shape and an rng, so that one can stand in for another.

The shape is (n_out, n_in) of a dense layer or (F, C, f, f) of F filters; what one output sums over
is the fan-in, n_in or C·f·f.
"""

import math

import numpy as np

__all__ = ["he", "normal", "xavier", "zeros"]


def zeros(shape, rng=None):
    """All 0: right for biases. Weights of 0 leave all units of a layer the same for ever."""
    return np.zeros(shape)


def normal(shape, rng, std=0.01):
    """Normal with a fixed standard deviation: breaks the symmetry, shrinks signals in deep nets."""
    return rng.normal(scale=std, size=shape)


def xavier(shape, rng):
    """Normal with variance 2 / (fan-in + fan-out), for tanh and sigmoid (Glorot & Bengio 2010)."""
    fan_in, fan_out = _fans(shape)
    return rng.normal(scale=math.sqrt(2 / (fan_in + fan_out)), size=shape)


def he(shape, rng):
    """Normal with variance 2 / fan-in, for ReLU, which keeps half of its input (He et al. 2015)."""
    fan_in, _ = _fans(shape)
    return rng.normal(scale=math.sqrt(2 / fan_in), size=shape)


def _fans(shape):
    """How many inputs an output sums over, and how many outputs an input goes to."""
    if len(shape) < 2 or 0 in shape[1:]:
        raise ValueError(f"shape: expected (n_out, n_in) or (F, C, f, f), got {tuple(shape)}")
    window = math.prod(shape[2:])
    return shape[1] * window, shape[0] * window
