"""nnlib: neural networks in plain numpy, to be read from top to bottom.

Samples are the last axis everywhere: X (n_x, m), Y (1, m) or one-hot (C, m), W (n_out, n_in),
b (n_out, 1), images (C, H, W, m). Every name below is at the top, `nn.sigmoid`; data and figures
keep their own: `nn.datasets.moons`, `nn.plotting.image_grid`.
"""

# ruff: noqa: F401, F403 (to pass names on is what this file is for)
from nnlib import datasets, plotting
from nnlib.activations import *
from nnlib.attention import *
from nnlib.autoencoder import *
from nnlib.cnn import *
from nnlib.conv import *
from nnlib.conv_layers import *
from nnlib.depth import *
from nnlib.descent import *
from nnlib.features import *
from nnlib.gradcheck import *
from nnlib.graph import *
from nnlib.graph_drawing import *
from nnlib.initializers import *
from nnlib.layers import *
from nnlib.losses import *
from nnlib.network import *
from nnlib.neuron import *
from nnlib.normalization import *
from nnlib.objectives import *
from nnlib.optimizers import *
from nnlib.perceptron import *
from nnlib.pooling import *
from nnlib.propagation import *
from nnlib.recurrent import *
from nnlib.regression import *
from nnlib.regularization import *
from nnlib.steps import *
from nnlib.training import *
