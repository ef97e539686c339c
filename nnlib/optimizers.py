"""Optimizers: objects that move parameters downhill, in place, and remember what they need for it.

`optimizer.step(parameters, gradients)` takes an array and its gradient, or a list of each, and
changes the parameters, nothing else. A network's parameters are one long vector, so one call moves
them all. `steps.py` has the same mathematics as pure functions.
"""

import numpy as np

from nnlib.arrays import expect_same_shape

__all__ = ["SGD", "AdaGrad", "Adam", "Momentum", "Optimizer", "RMSprop"]

BLOCK = 262_144


class Optimizer:
    """Walks over the parameters; what happens to each piece is the subclass's `update`.

    `memory` is how many arrays shaped like the parameters an optimizer keeps, zero at first.
    """

    memory = 0

    def __init__(self, learning_rate):
        self.learning_rate = float(learning_rate)  # a numpy number would make float32 float64
        self.t = 0
        self.kept = None

    def step(self, parameters, gradients):
        """One step: changes parameters in place."""
        if isinstance(parameters, np.ndarray):
            parameters, gradients = [parameters], [gradients]
        if len(parameters) != len(gradients):
            raise ValueError(
                f"gradients: expected {len(parameters)}, one for each array of parameters, "
                f"got {len(gradients)}"
            )
        for parameter, gradient in zip(parameters, gradients, strict=True):
            _check(parameter, gradient)
        if self.kept is None:
            self.kept = [[np.zeros_like(p) for _ in range(self.memory)] for p in parameters]
        self.t += 1
        for parameter, gradient, kept in zip(parameters, gradients, self.kept, strict=True):
            for pieces in _blocks(parameter, gradient, *kept):
                self.update(*pieces)


class SGD(Optimizer):
    """Stochastic gradient descent: θ ← θ − αg."""

    def update(self, theta, g):
        theta -= self.learning_rate * g


class Momentum(Optimizer):
    """v ← βv + (1 − β)g,   θ ← θ − αv   (Polyak 1964, as a weighted average)."""

    memory = 1

    def __init__(self, learning_rate, beta=0.9):
        super().__init__(learning_rate)
        self.beta = beta

    def update(self, theta, g, v):
        v *= self.beta
        v += (1 - self.beta) * g
        theta -= self.learning_rate * v


class AdaGrad(Optimizer):
    """s ← s + g²,   θ ← θ − αg / (√s + ε)   (Duchi, Hazan & Singer 2011)."""

    memory = 1

    def __init__(self, learning_rate=0.01, eps=1e-8):
        super().__init__(learning_rate)
        self.eps = eps

    def update(self, theta, g, s):
        s += g * g
        theta -= self.learning_rate * g / (np.sqrt(s) + self.eps)


class RMSprop(Optimizer):
    """s ← βs + (1 − β)g²,   θ ← θ − αg / (√s + ε)   (Hinton 2012, lecture 6e)."""

    memory = 1

    def __init__(self, learning_rate=0.001, beta=0.95, eps=1e-8):
        super().__init__(learning_rate)
        self.beta, self.eps = beta, eps

    def update(self, theta, g, s):
        s *= self.beta
        s += (1 - self.beta) * g * g
        theta -= self.learning_rate * g / (np.sqrt(s) + self.eps)


class Adam(Optimizer):
    """Adam (Kingma & Ba 2015, algorithm 1).

    v ← β₁v + (1 − β₁)g                 mean of the gradient
    s ← β₂s + (1 − β₂)g²                mean of its square
    θ ← θ − α v̂ / (√ŝ + ε)              v̂ = v / (1 − β₁ᵗ),  ŝ = s / (1 − β₂ᵗ)
    """

    memory = 2

    def __init__(self, learning_rate=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        super().__init__(learning_rate)
        self.beta1, self.beta2, self.eps = beta1, beta2, eps

    def update(self, theta, g, v, s):
        # v and s are kept as plain sums: their factors 1 − β join the corrections, and those go to
        # α and ε. Scaling numbers instead of arrays saves four passes of fourteen over memory, and
        # one new array serves for g², √s and the step, in the parameters' type whatever g's is.
        v_factor = (1 - self.beta1) / (1 - self.beta1**self.t)
        s_factor = ((1 - self.beta2) / (1 - self.beta2**self.t)) ** 0.5
        v *= self.beta1
        v += g
        step = np.square(g, dtype=s.dtype)
        s *= self.beta2
        s += step
        np.sqrt(s, out=step)
        step += self.eps / s_factor
        np.divide(v, step, out=step)
        step *= self.learning_rate * v_factor / s_factor
        theta -= step


def _check(parameter, gradient):
    """An update in place needs an array of reals, and a gradient of its shape."""
    if not isinstance(parameter, np.ndarray) or parameter.dtype.kind not in "fc":
        got = getattr(parameter, "dtype", type(parameter).__name__)
        raise TypeError(f"parameters: expected arrays of floats to change in place, got {got}")
    expect_same_shape("gradients", gradient, "parameters", parameter)


def _blocks(parameter, *others):
    """The arrays in matching pieces of BLOCK entries, as views.

    Over a very long vector the arrays would leave the cache between two passes, and the system
    would fetch new pages for the temporary ones. Pieces of 262 144, a megabyte of float32, do not;
    much smaller ones cost more in calls than they save.
    """
    arrays = (parameter, *others)
    if parameter.size <= BLOCK or not all(a.flags.c_contiguous for a in arrays):
        yield arrays
        return
    flat = [a.reshape(-1) for a in arrays]
    for start in range(0, parameter.size, BLOCK):
        yield [a[start : start + BLOCK] for a in flat]
