"""A network: layers one after another, all their parameters in one long vector.

Each layer's W and b are views into `parameters`, their gradients views into `gradients`: an
optimizer, a gradient check or a file deals with two vectors, however many layers there are.
"""

from contextlib import nullcontext
from zipfile import BadZipFile

import numpy as np

from nnlib.arrays import expect_shape

__all__ = ["Network"]

FORMAT = "nnlib network"
VERSION = 1


class Network:
    """Layers in a row. dtype is that of the parameters: float32 to train, float64 to check."""

    def __init__(self, layers, dtype=np.float32):
        self.layers = list(layers)
        if len({id(layer) for layer in self.layers}) < len(self.layers):
            raise ValueError("layers: expected each layer once, got one twice; make two of them")
        arrays = [array.ravel() for layer in self.layers for array in layer.params.values()]
        self.bind(np.concatenate([np.zeros(0), *arrays]).astype(dtype))

    def bind(self, parameters):
        """Make this vector (n,) the parameters: the layers' arrays become views into it."""
        if hasattr(self, "parameters") and parameters.shape != self.parameters.shape:
            raise ValueError(
                f"parameters: expected shape {self.parameters.shape}, got {parameters.shape}"
            )
        self.parameters = parameters
        self.gradients = np.zeros(parameters.shape, dtype=parameters.real.dtype)
        start = 0
        for layer in self.layers:
            for name, array in layer.params.items():
                part = slice(start, start + array.size)
                layer.params[name] = self.parameters[part].reshape(array.shape)
                layer.grads[name] = self.gradients[part].reshape(array.shape)
                start += array.size

    @property
    def params(self):
        """All parameters by name: {"0.W": …, "0.b": …, "2.W": …}, views into `parameters`."""
        return _named(self.layers, "params")

    @property
    def grads(self):
        """All gradients by the same names, views into `gradients`."""
        return _named(self.layers, "grads")

    def predict(self, X, batch_size=256):
        """The output for X, nothing remembered: for use after training.

        A batch at a time, so that images enough for a whole test set fit into memory.
        """
        outputs = []
        for start in range(0, max(X.shape[-1], 1), batch_size):
            A = X[..., start : start + batch_size]
            for layer in self.layers:
                A = layer.predict(A)
            outputs.append(A)
        return outputs[0] if len(outputs) == 1 else np.concatenate(outputs, axis=-1)

    def forward(self, X):
        """The output for X, each layer remembering what backward needs."""
        for layer in self.layers:
            X = layer.forward(X)
        return X

    def backward(self, dA):
        """From the cost's gradient at the output to that at the input; fills `gradients`."""
        for layer in reversed(self.layers):
            dA = layer.backward(dA)
        return dA

    def parameter_gradients(self, dA):
        """As backward, without what comes before the first parameters: data need no gradient."""
        first = next((i for i, layer in enumerate(self.layers) if layer.params), 0)
        for layer in reversed(self.layers[first + 1 :]):
            dA = layer.backward(dA)
        self.layers[first].parameter_gradients(dA)

    def summary(self, input_shape):
        """A table of layers, shapes and parameters; input_shape is one sample's, like (1, 8, 8)."""
        X = np.zeros((*input_shape, 1), dtype=self.parameters.dtype)
        rows = [("input", _shape(X), "")]
        for layer in self.layers:
            X = layer.predict(X)
            count = sum(array.size for array in layer.params.values())
            rows.append((str(layer), _shape(X), f"{count:,}"))
        rows.insert(0, ("layer", "output", "parameters"))
        rows.append(("total", "", f"{self.parameters.size:,}"))
        name, shape, count = (max(len(row[i]) for row in rows) for i in range(3))
        lines = [f"{a:<{name}}  {b:<{shape}}  {c:>{count}}".rstrip() for a, b, c in rows]
        rule = "─" * (name + shape + count + 4)
        return "\n".join([lines[0], rule, *lines[1:-1], rule, lines[-1]])

    def save(self, path):
        """Write the parameters to path, an .npz file without pickle."""
        head = {"format": FORMAT, "version": VERSION, "layers": self._signature()}
        np.savez(_npz(path), **head, **self._stored())

    def load(self, path):
        """Take the parameters from a file that save wrote for a network of the same layers."""
        stored = _read(_npz(path))
        self._check(path, stored)
        for name, array in self._stored().items():
            array[...] = stored[name]
        return self

    def copy_state(self):
        """Parameters and state as copies, for restore_state: to return to the best epoch."""
        return {name: array.copy() for name, array in self._stored().items()}

    def restore_state(self, copies):
        """Back to what copy_state gave."""
        for name, array in self._stored().items():
            array[...] = copies[name]

    def _stored(self):
        """What makes this network itself: the parameters, and each layer's state."""
        return {"parameters": self.parameters, **_named(self.layers, "state")}

    def _signature(self):
        """A line for each layer, with the names and shapes of its parameters."""
        return [
            " ".join([str(layer), *(f"{name}{a.shape}" for name, a in layer.params.items())])
            for layer in self.layers
        ]

    def _check(self, path, stored):
        """Refuse a file of another format, version, or network, before anything is changed."""
        if str(stored.get("format")) != FORMAT or not {"version", "layers"} <= stored.keys():
            raise ValueError(f"{path}: expected a file that Network.save wrote")
        if stored["version"] != VERSION:
            raise ValueError(
                f"{path}: expected version {VERSION}, got {stored['version']}; "
                "read it with the nnlib that wrote it"
            )
        expected, got = self._signature(), stored["layers"].tolist()
        if len(expected) != len(got):
            raise ValueError(
                f"{path}: expected {len(expected)} layers, got {len(got)}: {', '.join(got)}; "
                "build the network with the layers that the file was saved with"
            )
        for i, (mine, theirs) in enumerate(zip(expected, got, strict=True)):
            if mine != theirs:
                raise ValueError(f"{path}: layer {i}: expected {mine}, got {theirs}")
        for name, array in self._stored().items():
            expect_shape(f"{path}: {name}", stored.get(name), array.shape)
            if stored[name].dtype.kind != "f":
                raise ValueError(f"{path}: {name}: expected floats, got {stored[name].dtype}")


def _npz(path):
    """A path with the ending that numpy gives it anyway; open files as they are."""
    if hasattr(path, "read") or str(path).endswith(".npz"):
        return path
    return f"{path}.npz"


def _read(path):
    """Everything in an .npz file, as a dict; nothing in it is executed."""
    try:
        with (
            nullcontext(path) if hasattr(path, "read") else open(path, "rb") as stream,
            np.load(stream, allow_pickle=False) as file,
        ):
            return {name: file[name] for name in file.files}
    except FileNotFoundError:
        raise
    except (AttributeError, EOFError, OSError, TypeError, ValueError, BadZipFile) as error:
        raise ValueError(f"{path}: expected an .npz file that Network.save wrote") from error


def _named(layers, kind):
    """The layers' params, grads or state as one dict: {"0.W": …}."""
    return {
        f"{i}.{name}": array
        for i, layer in enumerate(layers)
        for name, array in getattr(layer, kind).items()
    }


def _shape(X):
    return "(" + ", ".join([*map(str, X.shape[:-1]), "m"]) + ")"
