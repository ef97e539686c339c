"""Make the shipped files from scikit-learn's copies of the UCI data: `python nnlib/data/make.py`.

Not needed to use the course, nor is scikit-learn: the files are in the repository. Samples are
shuffled once, here, so that a loader can split them by position.
"""

from pathlib import Path

import numpy as np
from sklearn import datasets

HERE = Path(__file__).parent


def breast_cancer(rng):
    """569 tumours. scikit-learn says 0 for malignant, we say 1: the illness is the positive."""
    data = datasets.load_breast_cancer()
    order = rng.permutation(len(data.target))
    np.savez_compressed(
        HERE / "breast_cancer.npz",
        X=np.ascontiguousarray(data.data[order].T),
        malignant=(data.target[order] == 0).astype(np.uint8),
        feature_names=np.array(data.feature_names.tolist()),
    )


def digits(rng):
    """1797 images of 8×8 pixels from 0 to 16."""
    data = datasets.load_digits()
    order = rng.permutation(len(data.target))
    images = data.images[order].astype(np.uint8).transpose(1, 2, 0)[np.newaxis]
    np.savez_compressed(
        HERE / "digits.npz",
        images=np.ascontiguousarray(images),
        labels=data.target[order].astype(np.uint8),
    )


if __name__ == "__main__":
    breast_cancer(np.random.default_rng(2))
    digits(np.random.default_rng(8))
