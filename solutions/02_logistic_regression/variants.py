"""Programs that students would hand in for lecture 02."""

import numpy as np

import nnlib as nn
from autograder.equivalence import equivalent
from autograder.variants import right, wrong


@right("numpy's dot")
def linear_score(X, w, b):
    return np.dot(np.transpose(w), X) + b


@right("weights times features, summed down the columns")
def linear_score(X, w, b):
    return np.sum(w * X, axis=0, keepdims=True) + b


@right("einsum")
def linear_score(X, w, b):
    return np.einsum("jk,ji->ki", w, X) + b


@wrong("forgets the bias", says="bias")
def linear_score(X, w, b):
    return w.T @ X


@wrong("one row per sample", says="transpos")
def linear_score(X, w, b):
    return X.T @ w + b


@wrong("weighs the features but does not add them up", says="sum")
def linear_score(X, w, b):
    return w * X + b


@wrong("flattens the weights and loses an axis", says="axis")
def linear_score(X, w, b):
    return w.ravel() @ X + b


@wrong("adds everything into one number", says="one number")
def linear_score(X, w, b):
    return np.sum(w * X) + b


@wrong("adds the three features of the example only", says="first 3 of")
def linear_score(X, w, b):
    z = w[0] * X[0] + w[1] * X[1] + w[2] * X[2] + b
    return z.reshape(1, -1)


@wrong("loops over the samples", says="32 samples", keeps=("test_linear_score",))
def linear_score(X, w, b):
    m = X.shape[1]
    Z = np.zeros((1, m))
    for i in range(m):
        Z[0, i] = np.dot(w[:, 0], X[:, i]) + b
    return Z


@wrong("asks a layer of the library", says="write this one yourself")
def linear_score(X, w, b):
    layer = nn.Dense(w.shape[0], 1, np.random.default_rng(0))
    layer.params["W"], layer.params["b"] = w.T, b
    return layer.predict(X)


@right("through the hyperbolic tangent")
def sigmoid(z):
    return 0.5 * (1 + np.tanh(np.asarray(z) / 2))


@right("clips the score where nothing changes any more")
def sigmoid(z):
    z = np.clip(np.asarray(z, dtype=float), -500, 500)
    return 1 / (1 + np.exp(-z))


@right("fills the two halves by mask")
def sigmoid(z):
    z = np.asarray(z, dtype=float)
    a = np.empty(z.shape)
    positive = z >= 0
    a[positive] = 1 / (1 + np.exp(-z[positive]))
    e = np.exp(z[~positive])
    a[~positive] = e / (e + 1)
    return a


@wrong("the first form everywhere", says="overflow", keeps=("test_sigmoid", "test_sigmoid_2"))
def sigmoid(z):
    return 1 / (1 + np.exp(-z))


@wrong("the second form everywhere", says="overflow", keeps=("test_sigmoid", "test_sigmoid_2"))
def sigmoid(z):
    return np.exp(z) / (np.exp(z) + 1)


@wrong(
    "chooses after both forms were computed",
    says="overflow",
    keeps=("test_sigmoid", "test_sigmoid_2"),
)
def sigmoid(z):
    return np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (np.exp(z) + 1))


@wrong("loses the minus sign", says="1 −")
def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(np.asarray(z) >= 0, e, 1) / (1 + e)


@wrong("works for single numbers only", says="truth value of an array")
def sigmoid(z):
    if z >= 0:
        return 1 / (1 + np.exp(-z))
    return np.exp(z) / (np.exp(z) + 1)


@wrong(
    "calls everything beyond 5 certain",
    says="certain",
    keeps=("test_sigmoid_2", "test_sigmoid_3"),
)
def sigmoid(z):
    z = np.asarray(z, dtype=float)
    inner = 1 / (1 + np.exp(-np.clip(z, -5, 5)))
    return np.where(np.abs(z) > 5, (z > 0) * 1.0, inner)


@wrong(
    "fills an array like z, so whole numbers are cut",
    says="whole numbers",
    keeps=("test_sigmoid", "test_sigmoid_3"),
)
def sigmoid(z):
    z = np.asarray(z)
    a = np.zeros_like(z)
    positive = z >= 0
    a[positive] = 1 / (1 + np.exp(-z[positive]))
    a[~positive] = np.exp(z[~positive]) / (np.exp(z[~positive]) + 1)
    return a


@right("by symmetry")
def sigmoid_derivative(z):
    return sigmoid(z) * sigmoid(np.negative(z))


@right("multiplied out")
def sigmoid_derivative(z):
    a = sigmoid(z)
    return a - a**2


@right("from the definition, with an exponential that cannot overflow")
def sigmoid_derivative(z):
    e = np.exp(-np.abs(z))
    return e / (1 + e) ** 2


@wrong("takes z for the probability", says="score")
def sigmoid_derivative(z):
    return z * (1 - z)


@wrong("forgets the factor σ", says="σ(1 − σ)")
def sigmoid_derivative(z):
    return 1 - sigmoid(z)


@wrong("turns the sign", says="sign")
def sigmoid_derivative(z):
    a = sigmoid(z)
    return a * (a - 1)


@wrong("the derivative of tanh", says="tanh")
def sigmoid_derivative(z):
    return 1 - sigmoid(z) ** 2


@wrong("rounds to four decimals", says="round")
def sigmoid_derivative(z):
    a = sigmoid(z)
    return np.round(a * (1 - a), 4)


@wrong(
    "from the definition, with an exponential that overflows",
    says="overflow",
    keeps=("test_sigmoid_derivative",),
)
def sigmoid_derivative(z):
    return np.exp(-z) / (1 + np.exp(-z)) ** 2


@right("a loop over samples, and a dot product")
def predict_proba_loop(X, w, b):
    return np.array([[float(sigmoid(np.dot(w[:, 0], x) + b)) for x in X.T]])


@right("collects scores in a list first")
def predict_proba_loop(X, w, b):
    scores = []
    for i in range(X.shape[1]):
        score = b
        for j in range(X.shape[0]):
            score = score + float(w[j, 0]) * float(X[j, i])
        scores.append(score)
    return sigmoid(np.array(scores)).reshape(1, -1)


@right("without loops, which is allowed")
def predict_proba_loop(X, w, b):
    return sigmoid(w.T @ X + b)


@wrong("does not set the sum back for the next sample", says="first")
def predict_proba_loop(X, w, b):
    n_x, m = X.shape
    A = np.zeros((1, m))
    z = b
    for i in range(m):
        for j in range(n_x):
            z = z + w[j, 0] * X[j, i]
        A[0, i] = sigmoid(z)
    return A


@wrong("adds the bias once for each feature", says="bias")
def predict_proba_loop(X, w, b):
    n_x, m = X.shape
    A = np.zeros((1, m))
    for i in range(m):
        z = 0.0
        for j in range(n_x):
            z = z + w[j, 0] * X[j, i] + b
        A[0, i] = sigmoid(z)
    return A


@wrong("stops before the sigmoid", says="sigmoid")
def predict_proba_loop(X, w, b):
    n_x, m = X.shape
    Z = np.zeros((1, m))
    for i in range(m):
        z = b
        for j in range(n_x):
            z = z + w[j, 0] * X[j, i]
        Z[0, i] = z
    return Z


@wrong("forgets the last sample", says="last")
def predict_proba_loop(X, w, b):
    n_x, m = X.shape
    A = np.zeros((1, m))
    for i in range(m - 1):
        z = b
        for j in range(n_x):
            z = z + w[j, 0] * X[j, i]
        A[0, i] = sigmoid(z)
    return A


@wrong("a flat list of probabilities", says="axis")
def predict_proba_loop(X, w, b):
    return np.array([float(sigmoid(np.dot(w[:, 0], x) + b)) for x in X.T])


@wrong("uses the library's answer", says="write this one yourself")
def predict_proba_loop(X, w, b):
    return nn.predict_proba(X, w, b)


@right("in one line")
def predict_proba(X, w, b):
    return sigmoid(np.matmul(w.T, X) + b)


@right("with its own sigmoid, stable")
def predict_proba(X, w, b):
    z = np.dot(w.T, X) + b
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))


@wrong("the loop again", says="32 samples", keeps=("test_predict_proba",))
def predict_proba(X, w, b):
    m = X.shape[1]
    A = np.zeros((1, m))
    for i in range(m):
        A[0, i] = sigmoid(np.dot(w[:, 0], X[:, i]) + b)
    return A


@wrong("forgets the bias", says="bias")
def predict_proba(X, w, b):
    return sigmoid(w.T @ X)


@wrong("stops before the sigmoid", says="sigmoid")
def predict_proba(X, w, b):
    return linear_score(X, w, b)


@wrong("the sigmoid of every feature", says="before")
def predict_proba(X, w, b):
    return w.T @ sigmoid(X) + b


@wrong("adds all samples up", says="one number")
def predict_proba(X, w, b):
    return sigmoid(np.sum(w * X) + b)


@wrong("rounds to two decimals", says="round")
def predict_proba(X, w, b):
    return np.round(sigmoid(linear_score(X, w, b)), 2)


@wrong("a sigmoid of its own that overflows", says="overflow", keeps=("test_predict_proba",))
def predict_proba(X, w, b):
    return 1 / (1 + np.exp(-(w.T @ X + b)))


@right("where")
def predict(X, w, b, threshold=0.5):
    return np.where(predict_proba(X, w, b) >= threshold, 1, 0)


@right("small integers, by what is not below")
def predict(X, w, b, threshold=0.5):
    return 1 - (predict_proba(X, w, b) < threshold).astype(np.int8)


@wrong("a tie goes to class 0", says="tie")
def predict(X, w, b, threshold=0.5):
    return (predict_proba(X, w, b) > threshold).astype(int)


@wrong("true and false", says="True")
def predict(X, w, b, threshold=0.5):
    return predict_proba(X, w, b) >= threshold


@wrong("does not look at the threshold", says="threshold", keeps=("test_predict",))
def predict(X, w, b, threshold=0.5):
    return (predict_proba(X, w, b) >= 0.5).astype(int)


@wrong("compares the score with the threshold", says="compare the probability")
def predict(X, w, b, threshold=0.5):
    return (linear_score(X, w, b) >= threshold).astype(int)


@wrong("cuts the probabilities before it compares", says="astype")
def predict(X, w, b, threshold=0.5):
    return (predict_proba(X, w, b).astype(int) >= threshold).astype(int)


@wrong("the classes exchanged", says="exchanged")
def predict(X, w, b, threshold=0.5):
    return np.where(predict_proba(X, w, b) >= threshold, 0, 1)


@wrong("rounds the probability to one decimal first", says="just below")
def predict(X, w, b, threshold=0.5):
    return (np.round(predict_proba(X, w, b), 1) >= threshold).astype(int)


@right("counts and divides")
def accuracy(Y_hat, Y):
    return np.sum(Y_hat == Y) / Y.size


@right("one minus the mean distance")
def accuracy(Y_hat, Y):
    return 1 - np.abs(Y_hat - Y).mean()


@right("two dot products, a 1 by 1 array")
def accuracy(Y_hat, Y):
    return (np.dot(Y_hat, Y.T) + np.dot(1 - Y_hat, (1 - Y).T)) / Y.shape[1]


@wrong("counts and does not divide", says="divide by m")
def accuracy(Y_hat, Y):
    return np.sum(Y_hat == Y)


@wrong("divides by len(Y), which is 1", says="divide by m")
def accuracy(Y_hat, Y):
    return (Y_hat == Y).sum() / len(Y)


@wrong("in percent", says="percent")
def accuracy(Y_hat, Y):
    return 100 * np.mean(Y_hat == Y)


@wrong("the fraction of mistakes", says="1 −")
def accuracy(Y_hat, Y):
    return np.mean(Y_hat != Y)


@wrong("counts only the ones that were found", says="zeros")
def accuracy(Y_hat, Y):
    return np.mean(Y_hat * Y)


@wrong("rounds to two decimals", says="round", keeps=("test_accuracy_2",))
def accuracy(Y_hat, Y):
    return round(float(np.mean(Y_hat == Y)), 2)


@right("two fractions")
def decision_boundary(w, b, x1):
    w1, w2 = w.ravel()
    return -w1 / w2 * x1 - b / w2


@right("with weights of shape (1,)")
def decision_boundary(w, b, x1):
    return -(w[0] * x1 + b) / w[1]


@wrong("loses the minus sign", says="sign")
def decision_boundary(w, b, x1):
    return (w[0, 0] * x1 + b) / w[1, 0]


@wrong("forgets the bias", says="bias")
def decision_boundary(w, b, x1):
    return -w[0, 0] * x1 / w[1, 0]


@wrong("exchanges the two weights", says="exchanged")
def decision_boundary(w, b, x1):
    return -(w[1, 0] * x1 + b) / w[0, 0]


@wrong("the minus sign stands before the first term only", says="sign of the bias")
def decision_boundary(w, b, x1):
    return (-w[0, 0] * x1 + b) / w[1, 0]


@wrong("a column, whatever x1 is", says="axis of length 1 too many")
def decision_boundary(w, b, x1):
    x2 = -(w[0, 0] * x1 + b) / w[1, 0]
    return x2.reshape(-1, 1)


@wrong("spreads its own x1 evenly, as for a plot", says="evenly spread")
def decision_boundary(w, b, x1):
    even = np.linspace(np.min(x1), np.max(x1), np.size(x1)).reshape(np.shape(x1))
    return -(w[0, 0] * even + b) / w[1, 0]


@equivalent(
    "sigmoid",
    "e = np.exp(np.where(z >= 0, -z, z)) → e = np.exp(np.where(z > 0, -z, z))",
    "return np.where(z >= 0, 1, e) / (1 + e) → return np.where(z > 0, 1, e) / (1 + e)",
    because="at 0 both forms are 1/2",
)
def scores(rng):
    return (rng.integers(-3, 4, size=(3, 8)).astype(float),)


@equivalent(
    "predict_proba_loop",
    "z = z + w[j, 0] * X[j, i] → z = z + w[j, -1] * X[j, i]",
    because="an axis of length 1 ends where it begins",
)
def samples(rng):
    return rng.normal(size=(3, 5)), rng.normal(size=(3, 1)), rng.normal()


@equivalent(
    "decision_boundary",
    "return (-b - w[0, 0] * x1) / w[1, 0] → return (-b - w[0, -1] * x1) / w[1, 0]",
    "return (-b - w[0, 0] * x1) / w[1, 0] → return (-b - w[0, 0] * x1) / w[1, -1]",
    because="an axis of length 1 ends where it begins",
)
def lines(rng):
    return rng.normal(size=(2, 1)), rng.normal(), rng.normal(size=7)
