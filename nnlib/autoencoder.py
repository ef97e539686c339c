"""An autoencoder: a network that says its input again after squeezing it through a few numbers."""

from nnlib.layers import Dense, ReLU
from nnlib.network import Network

__all__ = ["Autoencoder"]


class Autoencoder:
    """Dense layers down to the code and up again: sizes [64, 32, 8] mean 64 → 32 → 8 → 32 → 64.

    Train it with fit(autoencoder.network, X, X, …): the input is its own target. The code and the
    output have no activation, ReLU stands between all other layers.
    """

    def __init__(self, sizes, rng):
        encoder = _dense_layers(sizes, rng)
        decoder = _dense_layers(sizes[::-1], rng)
        self.network = Network([*encoder, *decoder])
        self.code_layers = len(encoder)

    def encode(self, X):
        """The code (sizes[-1], m) of X (sizes[0], m)."""
        return self._through(self.network.layers[: self.code_layers], X)

    def decode(self, code):
        """X (sizes[0], m) as the code (sizes[-1], m) tells it."""
        return self._through(self.network.layers[self.code_layers :], code)

    def reconstruct(self, X):
        """There and back."""
        return self.decode(self.encode(X))

    @staticmethod
    def _through(layers, A):
        for layer in layers:
            A = layer.predict(A)
        return A


def _dense_layers(sizes, rng):
    """Dense layers with ReLU between them."""
    layers = []
    for n_in, n_out in zip(sizes, sizes[1:], strict=False):
        layers += [Dense(n_in, n_out, rng), ReLU()]
    return layers[:-1]
