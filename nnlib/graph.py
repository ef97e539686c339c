"""A computation graph: numbers or arrays that remember how they were made.

Write an expression with variables and the graph comes about by itself; `backward` then walks it
from the result to the variables, once, multiplying slopes along each path and adding where paths
meet: reverse-mode differentiation. `draw_graph` shows it.

    a, b, c = Variable(5, "a"), Variable(3, "b"), Variable(2, "c")
    J = (3 * (a + b * c)).named("J")
    J.backward()                        # a.grad = 3, b.grad = 6, c.grad = 9
"""

import numpy as np

from nnlib import activations
from nnlib.arrays import as_real

__all__ = ["Node", "Variable"]


class Node:
    """A value in the graph, the nodes it was made from, and the way back to each of them."""

    __array_ufunc__ = None  # numpy_array * node asks the node, not each entry of the array

    def __init__(self, value, parents=(), text="", name=""):
        self.value = as_real(value, "value")
        self.parents = parents  # pairs: a node, and what this node's gradient is for that node
        self.text = text  # how it was made, "{} + {}" with a gap for each parent
        self.name = name
        self.grad = None

    def named(self, name):
        """Give it a name for the drawing; the node itself comes out."""
        self.name = name
        return self

    def backward(self):
        """Fill grad in every node that this one was made from: d(this)/d(that)."""
        nodes = self.ancestors()
        for node in nodes:
            node.grad = np.zeros_like(node.value)
        self.grad = np.ones_like(self.value)
        for node in reversed(nodes):
            for parent, to_parent in node.parents:
                parent.grad = parent.grad + _fold(to_parent(node.grad), parent.value.shape)

    def ancestors(self):
        """All nodes this one was made from and itself, each after its own parents."""
        order, seen, waiting = [], set(), [(self, False)]
        while waiting:
            node, parents_done = waiting.pop()
            if parents_done:
                order.append(node)
            elif id(node) not in seen:
                seen.add(id(node))
                waiting.append((node, True))
                waiting += [(parent, False) for parent, _ in reversed(node.parents)]
        return order

    def __add__(self, other):
        return _made(np.add, self, other, "{} + {}", lambda g: g, lambda g: g)

    def __sub__(self, other):
        return _made(np.subtract, self, other, "{} − {}", lambda g: g, lambda g: -g)

    def __mul__(self, other):
        x, y = self.value, _value(other)
        return _made(np.multiply, self, other, "{} · {}", lambda g: g * y, lambda g: g * x)

    def __truediv__(self, other):
        x, y = self.value, _value(other)
        return _made(np.divide, self, other, "{} / {}", lambda g: g / y, lambda g: -g * x / y**2)

    def __matmul__(self, other):
        x, y = self.value, _value(other)
        return _made(np.matmul, self, other, "{} {}", lambda g: g @ y.T, lambda g: x.T @ g)

    def __radd__(self, other):
        return _constant(other) + self

    def __rsub__(self, other):
        return _constant(other) - self

    def __rmul__(self, other):
        return _constant(other) * self

    def __rtruediv__(self, other):
        return _constant(other) / self

    def __rmatmul__(self, other):
        return _constant(other) @ self

    def __neg__(self):
        return self._through(-self.value, "−{}", lambda g: -g)

    def __pow__(self, n):
        """To a fixed power, a number."""
        x = self.value
        power = str(n).translate(str.maketrans("-.0123456789", "⁻·⁰¹²³⁴⁵⁶⁷⁸⁹"))
        return self._through(x**n, "{}" + power, lambda g: g * n * x ** (n - 1))

    def exp(self):
        y = np.exp(self.value)
        return self._through(y, "exp({})", lambda g: g * y)

    def log(self):
        x = self.value
        return self._through(np.log(x), "ln({})", lambda g: g / x)

    def sigmoid(self):
        return self._activation("σ({})", activations.sigmoid, activations.sigmoid_derivative)

    def tanh(self):
        return self._activation("tanh({})", activations.tanh, activations.tanh_derivative)

    def relu(self):
        return self._activation("relu({})", activations.relu, activations.relu_derivative)

    def sum(self):
        shape = self.value.shape
        return self._through(self.value.sum(), "sum({})", lambda g: np.broadcast_to(g, shape))

    def mean(self):
        shape, n = self.value.shape, self.value.size
        return self._through(self.value.mean(), "mean({})", lambda g: np.broadcast_to(g / n, shape))

    def _activation(self, text, f, f_derivative):
        z = self.value
        return self._through(f(z), text, lambda g: g * f_derivative(z))

    def _through(self, value, text, to_parent):
        return Node(value, ((self, to_parent),), text)

    def __repr__(self):
        return f"{self.name or type(self).__name__} = {self.value}"


class Variable(Node):
    """Where a graph starts: a value with a name."""

    def __init__(self, value, name=""):
        super().__init__(value, name=name)


def _constant(value):
    """A number or array without a name: no place in the drawing, and nobody asks for its slope."""
    return value if isinstance(value, Node) else Node(value)


def _value(other):
    return _constant(other).value


def _made(f, left, right, text, to_left, to_right):
    left, right = _constant(left), _constant(right)
    return Node(f(left.value, right.value), ((left, to_left), (right, to_right)), text)


def _fold(gradient, shape):
    """Sum the gradient over the axes along which a value of this shape was repeated to fit."""
    gradient = np.asarray(gradient)
    extra = gradient.ndim - len(shape)
    gradient = gradient.sum(axis=tuple(range(extra)))
    repeated = tuple(i for i, n in enumerate(shape) if n == 1 and gradient.shape[i] != 1)
    return gradient.sum(axis=repeated, keepdims=True)
