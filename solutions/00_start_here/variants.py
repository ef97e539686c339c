"""Programs that students would hand in for the first notebook."""

import numpy as np

from autograder.variants import right, wrong


@right("a new axis instead of keepdims")
def center(X):
    return X - np.mean(X, axis=1)[:, np.newaxis]


@right("feature by feature, in a loop")
def center(X):
    rows = [row - np.sum(row) / len(row) for row in X]
    return np.array(rows)


@right("samples as rows, and back")
def center(X):
    return (X.T - X.mean(axis=1)).T


@right("a matrix that centres")
def center(X):
    m = X.shape[1]
    return X @ (np.eye(m) - np.ones((m, m)) / m)


@wrong("the mean of each sample", says="mean of each row of the result")
def center(X):
    return X - X.mean(axis=0, keepdims=True)


@wrong("one mean for all features", says="mean of each row of the result")
def center(X):
    return X - X.mean()


@wrong("loses the axis", says="ValueError")
def center(X):
    return X - X.mean(axis=1)


@wrong("subtracts in place", says="it changed its argument")
def center(X):
    X -= X.mean(axis=1, keepdims=True)
    return X


@wrong("the median", says="mean of each row of the result")
def center(X):
    return X - np.median(X, axis=1, keepdims=True)


@wrong("adds the mean", says="mean of each row of the result")
def center(X):
    return X + X.mean(axis=1, keepdims=True)


@wrong("divides by three samples, whatever their number", says="4 features of 4 samples")
def center(X):
    return X - X.sum(axis=1, keepdims=True) / 3


@wrong("gives the means", says="shape")
def center(X):
    return X.mean(axis=1, keepdims=True)


@wrong("prints and gives nothing back", says="return")
def center(X):
    print(X - X.mean(axis=1, keepdims=True))


@wrong("standardizes", says="two features of three samples")
def center(X):
    return (X - X.mean(axis=1, keepdims=True)) / X.std(axis=1, keepdims=True)
