"""nnlib: neural networks in plain numpy, to be read from top to bottom.

Samples are the last axis everywhere: X (n_x, m), Y (1, m) or one-hot (C, m), W (n_out, n_in),
b (n_out, 1), images (C, H, W, m). Every name below is at the top, `nn.sigmoid`; data and figures
keep their own: `nn.datasets.moons`, `nn.plotting.image_grid`.
"""

from nnlib import datasets, plotting
from nnlib.activations import *
from nnlib.descent import *
from nnlib.features import *
from nnlib.gradcheck import *
from nnlib.initializers import *
from nnlib.losses import *
from nnlib.neuron import *
from nnlib.perceptron import *
from nnlib.regression import *
