"""Programs that students would hand in for lecture 04."""

import numpy as np

from autograder.equivalence import equivalent
from autograder.variants import right, wrong


@right("the mean of the slopes to both sides")
def numerical_derivative(f, a, h=1e-5):
    right_side = (f(a + h) - f(a)) / h
    left_side = (f(a) - f(a - h)) / h
    return (left_side + right_side) / 2


@right("divides by the distance it computed, and gives an array of size 1")
def numerical_derivative(f, a, h=1e-5):
    low, high = a - h, a + h
    return np.array([[(f(high) - f(low)) / (high - low)]])


@wrong("nudges up only", says="one side only")
def numerical_derivative(f, a, h=1e-5):
    return (f(a + h) - f(a)) / h


@wrong("nudges down only", says="one side only")
def numerical_derivative(f, a, h=1e-5):
    return (f(a) - f(a - h)) / h


@wrong("divides by h, though the places are 2h apart", says="½")
def numerical_derivative(f, a, h=1e-5):
    return (f(a + h) - f(a - h)) / h


@wrong("divides by 2 and multiplies by h", says="put 2 * h in brackets")
def numerical_derivative(f, a, h=1e-5):
    return (f(a + h) - f(a - h)) / 2 * h


@wrong("forgets the brackets above the line", says="in brackets")
def numerical_derivative(f, a, h=1e-5):
    return f(a + h) - f(a - h) / (2 * h)


@wrong("a nudge of its own", says="is it used?", keeps=("test_numerical_derivative",))
def numerical_derivative(f, a, h=1e-5):
    return (f(a + 1e-5) - f(a - 1e-5)) / 2e-5


@wrong("rounds to four decimals", says="round")
def numerical_derivative(f, a, h=1e-5):
    return round(float((f(a + h) - f(a - h)) / (2 * h)), 4)


@wrong("asks the library under another name", says="write this one yourself")
def numerical_derivative(f, a, h=1e-5):
    return nn.central_difference(f, a, h)


@right("adds the negative")
def gradient_step(w, dw, learning_rate):
    return np.add(w, np.multiply(-learning_rate, dw))


@right("changes a copy, made of real numbers")
def gradient_step(w, dw, learning_rate):
    new = np.array(w, dtype=float)
    new -= learning_rate * np.asarray(dw)
    return new


@wrong("goes up the slope", says="up the slope")
def gradient_step(w, dw, learning_rate):
    return w + learning_rate * dw


@wrong("forgets the learning rate", says="not scaled by")
def gradient_step(w, dw, learning_rate):
    return w - dw


@wrong(
    "writes into the caller's weights", says="changed its argument", keeps=("test_gradient_step",)
)
def gradient_step(w, dw, learning_rate):
    w -= learning_rate * dw
    return w


@wrong("w and dw exchanged", says="exchanged")
def gradient_step(w, dw, learning_rate):
    return dw - learning_rate * w


@wrong(
    "fills an array like w, so that whole numbers are cut",
    says="whole numbers",
    keeps=("test_gradient_step",),
)
def gradient_step(w, dw, learning_rate):
    w = np.asarray(w)
    new = np.zeros_like(w)
    new[...] = w - learning_rate * dw
    return new


@wrong("asks the library under another name", says="write this one yourself")
def gradient_step(w, dw, learning_rate):
    return nn.sgd_step(w, dw, learning_rate)


@right("a while loop, and copies in the history")
def gradient_descent(gradient, w0, learning_rate, steps, tolerance=0.0):
    w = np.array(w0, dtype=float)
    history = [w.copy()]
    slope = gradient(w) if steps else 0
    while len(history) <= steps and np.abs(slope).max() > tolerance:
        w -= learning_rate * slope
        history.append(w.copy())
        slope = gradient(w)
    return w, history


@right("goes by the length of the history")
def gradient_descent(gradient, w0, learning_rate, steps, tolerance=0.0):
    history = [np.array(w0, dtype=float)]
    while len(history) < steps + 1:
        dw = np.asarray(gradient(history[-1]))
        if (np.abs(dw) <= tolerance).all():
            break
        history.append(history[-1] - learning_rate * dw)
    return history[-1], history


@wrong("goes uphill", says="up the slope")
def gradient_descent(gradient, w0, learning_rate, steps, tolerance=0.0):
    w = w0
    history = [w]
    for _ in range(steps):
        dw = gradient(w)
        if np.max(np.abs(dw)) <= tolerance:
            break
        w = w + learning_rate * dw
        history.append(w)
    return w, history


@wrong("the history begins after the first step", says="the first one is missing")
def gradient_descent(gradient, w0, learning_rate, steps, tolerance=0.0):
    w = w0
    history = []
    for _ in range(steps):
        dw = gradient(w)
        if np.max(np.abs(dw)) <= tolerance:
            break
        w = w - learning_rate * dw
        history.append(w)
    return w, history


@wrong("the history ends before the last step", says="the last one is missing")
def gradient_descent(gradient, w0, learning_rate, steps, tolerance=0.0):
    w = w0
    history = []
    for _ in range(steps):
        dw = gradient(w)
        if np.max(np.abs(dw)) <= tolerance:
            break
        history.append(w)
        w = w - learning_rate * dw
    return w, history


@wrong("asks for the slope only once", says="not anew at each place")
def gradient_descent(gradient, w0, learning_rate, steps, tolerance=0.0):
    w = w0
    history = [w]
    dw = gradient(w)
    for _ in range(steps):
        if np.max(np.abs(dw)) <= tolerance:
            break
        w = w - learning_rate * dw
        history.append(w)
    return w, history


@wrong("one and the same array in the history", says="again and again")
def gradient_descent(gradient, w0, learning_rate, steps, tolerance=0.0):
    w = np.array(w0, dtype=float)
    history = [w]
    for _ in range(steps):
        dw = gradient(w)
        if np.max(np.abs(dw)) <= tolerance:
            break
        w -= learning_rate * dw
        history.append(w)
    return w, history


@wrong(
    "never stops before the last step",
    says="is it used?",
    keeps=("test_gradient_descent", "test_gradient_descent_2"),
)
def gradient_descent(gradient, w0, learning_rate, steps, tolerance=0.0):
    w = w0
    history = [w]
    for _ in range(steps):
        w = w - learning_rate * gradient(w)
        history.append(w)
    return w, history


@wrong(
    "takes a steep negative slope for a flat one",
    says="steep as well",
    keeps=("test_gradient_descent", "test_gradient_descent_2"),
)
def gradient_descent(gradient, w0, learning_rate, steps, tolerance=0.0):
    w = w0
    history = [w]
    for _ in range(steps):
        dw = gradient(w)
        if np.max(dw) <= tolerance:
            break
        w = w - learning_rate * dw
        history.append(w)
    return w, history


@wrong(
    "looks at the slope after the step",
    says="before each step",
    keeps=("test_gradient_descent", "test_gradient_descent_2"),
)
def gradient_descent(gradient, w0, learning_rate, steps, tolerance=0.0):
    w = w0
    history = [w]
    for _ in range(steps):
        dw = gradient(w)
        w = w - learning_rate * dw
        history.append(w)
        if np.max(np.abs(dw)) <= tolerance:
            break
    return w, history


@wrong(
    "goes on where the slope is exactly at the tolerance",
    says="tie",
    keeps=("test_gradient_descent", "test_gradient_descent_2"),
)
def gradient_descent(gradient, w0, learning_rate, steps, tolerance=0.0):
    w = w0
    history = [w]
    for _ in range(steps):
        dw = gradient(w)
        if np.max(np.abs(dw)) < tolerance:
            break
        w = w - learning_rate * dw
        history.append(w)
    return w, history


@wrong(
    "measures the gradient by its norm",
    says="not a sum or a norm",
    keeps=("test_gradient_descent", "test_gradient_descent_2"),
)
def gradient_descent(gradient, w0, learning_rate, steps, tolerance=0.0):
    w = w0
    history = [w]
    for _ in range(steps):
        dw = gradient(w)
        if np.sqrt(np.sum(np.square(dw))) <= tolerance:
            break
        w = w - learning_rate * dw
        history.append(w)
    return w, history


@right("by the pseudo-inverse")
def normal_equation(X, Y):
    A = np.concatenate([X, np.ones((1, X.shape[1]))])
    theta = Y @ np.linalg.pinv(A)
    return theta[:, :-1].T, theta[0, -1]


@right("centred, without a row of ones")
def normal_equation(X, Y):
    x, y = X.mean(axis=1, keepdims=True), Y.mean()
    w = np.linalg.lstsq((X - x).T, (Y - y).T, rcond=None)[0]
    return w, y - np.sum(w * x)


@right("by the singular values, cutting off what is as good as zero")
def normal_equation(X, Y):
    A = np.vstack([X, np.ones(X.shape[1])]).T
    U, s, Vt = np.linalg.svd(A, full_matrices=False)
    inverse = np.array([1 / v if v > 1e-10 * s[0] else 0.0 for v in s])
    theta = Vt.T @ (inverse[:, None] * (U.T @ Y.T))
    return theta[:-1], theta[-1:]


@wrong("no bias: the line goes through the origin", says="row of ones")
def normal_equation(X, Y):
    return np.linalg.lstsq(X.T, Y.T, rcond=None)[0], 0.0


@wrong("by an inverse that need not exist", says="Singular", keeps=("test_normal_equation",))
def normal_equation(X, Y):
    A = np.vstack([X, np.ones((1, X.shape[1]))])
    theta = np.linalg.inv(A @ A.T) @ A @ Y.T
    return theta[:-1], theta[-1, 0]


@wrong("the weights as a flat array", says="axis")
def normal_equation(X, Y):
    A = np.vstack([X, np.ones((1, X.shape[1]))])
    theta = np.linalg.lstsq(A.T, Y[0], rcond=None)[0]
    return theta[:-1], theta[-1]


@wrong("the weights as a row", says="transpose")
def normal_equation(X, Y):
    A = np.vstack([X, np.ones((1, X.shape[1]))])
    theta = Y @ np.linalg.pinv(A)
    return theta[:, :-1], theta[0, -1]


@wrong("rounds to three decimals", says="round")
def normal_equation(X, Y):
    A = np.vstack([X, np.ones((1, X.shape[1]))])
    theta = np.round(np.linalg.lstsq(A.T, Y.T, rcond=None)[0], 3)
    return theta[:-1], theta[-1, 0]


@wrong("the bias is just the mean price", says="row of ones")
def normal_equation(X, Y):
    x, y = X.mean(axis=1, keepdims=True), Y.mean()
    w = np.linalg.lstsq((X - x).T, (Y - y).T, rcond=None)[0]
    return w, y


@right("means along the samples")
def linear_regression_gradients(X, Y, w, b):
    errors = np.dot(w.T, X) + b - Y
    return np.mean(X * errors, axis=1, keepdims=True), errors.mean()


@right("einsum, and a bias slope of size 1")
def linear_regression_gradients(X, Y, w, b):
    dZ = np.einsum("jk,ji->ki", w, X) + b - Y
    return np.einsum("ji,ki->jk", X, dZ) / Y.size, dZ.mean(axis=1, keepdims=True)


@wrong("the slopes of the sum", says="the cost is the mean")
def linear_regression_gradients(X, Y, w, b):
    dZ = w.T @ X + b - Y
    return X @ dZ.T, np.sum(dZ)


@wrong("label minus prediction", says="sign")
def linear_regression_gradients(X, Y, w, b):
    dZ = Y - (w.T @ X + b)
    return X @ dZ.T / X.shape[1], np.mean(dZ)


@wrong("the slopes of the mean square, without the ½", says="½")
def linear_regression_gradients(X, Y, w, b):
    dZ = w.T @ X + b - Y
    return 2 * X @ dZ.T / X.shape[1], 2 * np.mean(dZ)


@wrong("forgets the bias in the prediction", says="bias")
def linear_regression_gradients(X, Y, w, b):
    dZ = w.T @ X - Y
    return X @ dZ.T / X.shape[1], np.mean(dZ)


@wrong("a row for a column", says="transpose")
def linear_regression_gradients(X, Y, w, b):
    dZ = w.T @ X + b - Y
    return dZ @ X.T / X.shape[1], np.mean(dZ)


@wrong("a bias slope for each sample", says="mean over")
def linear_regression_gradients(X, Y, w, b):
    dZ = w.T @ X + b - Y
    return X @ dZ.T / X.shape[1], dZ


@wrong(
    "fills an array like w, so that whole numbers are cut",
    says="whole numbers",
    keeps=("test_linear_regression_gradients",),
)
def linear_regression_gradients(X, Y, w, b):
    dZ = w.T @ X + b - Y
    dw = np.zeros_like(w)
    dw[...] = X @ dZ.T / X.shape[1]
    return dw, np.mean(dZ)


@wrong("loops over the samples", says="32 samples", keeps=("test_linear_regression_gradients",))
def linear_regression_gradients(X, Y, w, b):
    n_x, m = X.shape
    dw, db = np.zeros((n_x, 1)), 0.0
    for i in range(m):
        x = X[:, i : i + 1]
        dz = np.sum(w * x) + b - Y[0, i]
        dw, db = dw + x * dz / m, db + dz / m
    return dw, db


@right("loops over the features too, in plain Python")
def logistic_gradients_loop(X, Y, w, b):
    n_x, m = X.shape
    dw, db, J = [0.0] * n_x, 0.0, 0.0
    for i in range(m):
        z = b
        for j in range(n_x):
            z = z + w[j, 0] * X[j, i]
        a = float(nn.sigmoid(z))
        dz = a - Y[0, i]
        for j in range(n_x):
            dw[j] += X[j, i] * dz / m
        db += dz / m
        J -= Y[0, i] * np.log(max(a, 1e-12)) / m
        J -= (1 - Y[0, i]) * np.log(max(1 - a, 1e-12)) / m
    return np.array(dw).reshape(-1, 1), db, J


@right("the loss from the score, and zip")
def logistic_gradients_loop(X, Y, w, b):
    m = X.shape[1]
    dw, db, J = np.zeros(w.shape), 0.0, 0.0
    for x, y in zip(X.T, Y[0]):
        z = x @ w[:, 0] + b
        dz = nn.sigmoid(z) - y
        dw += x[:, None] * dz
        db += dz
        J += np.logaddexp(0, z) - y * z
    return dw / m, np.array([[db / m]]), J / m


@right("without a loop, which is allowed")
def logistic_gradients_loop(X, Y, w, b):
    A = nn.sigmoid(w.T @ X + b)
    J = np.mean(nn.binary_cross_entropy(A, Y))
    return X @ (A - Y).T / Y.size, np.mean(A - Y), J


@wrong("does not divide by m", says="divide by m")
def logistic_gradients_loop(X, Y, w, b):
    n_x, m = X.shape
    dw, db, J = np.zeros((n_x, 1)), 0.0, 0.0
    for i in range(m):
        x, y = X[:, [i]], Y[0, i]
        a = nn.sigmoid(np.sum(w * x) + b)
        dw = dw + x * (a - y)
        db = db + (a - y)
        J = J - np.log(np.maximum(a if y == 1 else 1 - a, 1e-12))
    return dw, db, J


@wrong(
    "the cost is NaN where the neuron is certain",
    says="0 · ln 0",
    keeps=("test_logistic_gradients_loop",),
)
def logistic_gradients_loop(X, Y, w, b):
    n_x, m = X.shape
    dw, db, J = np.zeros((n_x, 1)), 0.0, 0.0
    for i in range(m):
        x, y = X[:, [i]], Y[0, i]
        a = nn.sigmoid(np.sum(w * x) + b)
        dw = dw + x * (a - y)
        db = db + (a - y)
        J = J - (y * np.log(a) + (1 - y) * np.log(1 - a))
    return dw / m, db / m, J / m


@wrong("takes the score for the prediction in the error", says="linear_regression_gradients")
def logistic_gradients_loop(X, Y, w, b):
    n_x, m = X.shape
    dw, db, J = np.zeros((n_x, 1)), 0.0, 0.0
    for i in range(m):
        x, y = X[:, [i]], Y[0, i]
        z = np.sum(w * x) + b
        a = nn.sigmoid(z)
        dw = dw + x * (z - y)
        db = db + (z - y)
        J = J - np.log(np.maximum(a if y == 1 else 1 - a, 1e-12))
    return dw / m, db / m, J / m


@wrong("label minus prediction", says="sign")
def logistic_gradients_loop(X, Y, w, b):
    n_x, m = X.shape
    dw, db, J = np.zeros((n_x, 1)), 0.0, 0.0
    for i in range(m):
        x, y = X[:, [i]], Y[0, i]
        a = nn.sigmoid(np.sum(w * x) + b)
        dw = dw + x * (y - a)
        db = db + (y - a)
        J = J - np.log(np.maximum(a if y == 1 else 1 - a, 1e-12))
    return dw / m, db / m, J / m


@wrong(
    "divides the bias slope inside the loop as well",
    says="divided twice",
    keeps=("test_logistic_gradients_loop_2",),
)
def logistic_gradients_loop(X, Y, w, b):
    n_x, m = X.shape
    dw, db, J = np.zeros((n_x, 1)), 0.0, 0.0
    for i in range(m):
        x, y = X[:, [i]], Y[0, i]
        a = nn.sigmoid(np.sum(w * x) + b)
        dw = dw + x * (a - y)
        db = db + (a - y) / m
        J = J - np.log(np.maximum(a if y == 1 else 1 - a, 1e-12))
    return dw / m, db / m, J / m


@wrong("the cost in base 10", says="natural", keeps=("test_logistic_gradients_loop",))
def logistic_gradients_loop(X, Y, w, b):
    n_x, m = X.shape
    dw, db, J = np.zeros((n_x, 1)), 0.0, 0.0
    for i in range(m):
        x, y = X[:, [i]], Y[0, i]
        a = nn.sigmoid(np.sum(w * x) + b)
        dw = dw + x * (a - y)
        db = db + (a - y)
        J = J - np.log10(np.maximum(a if y == 1 else 1 - a, 1e-12))
    return dw / m, db / m, J / m


@wrong("asks the library", says="write this one yourself")
def logistic_gradients_loop(X, Y, w, b):
    return nn.logistic_gradients(X, Y, w, b)


@right("by the library's probability and loss")
def logistic_gradients(X, Y, w, b):
    A = nn.predict_proba(X, w, b)
    dZ = A - Y
    J = nn.cost(nn.binary_cross_entropy(A, Y))
    return np.mean(X * dZ, axis=1, keepdims=True), np.mean(dZ), J


@right("the cost from the scores, infinite where it must be")
def logistic_gradients(X, Y, w, b):
    Z = np.dot(w.T, X) + b
    e = np.exp(-np.abs(Z))
    A = np.where(Z >= 0, 1, e) / (1 + e)
    with np.errstate(divide="ignore"):
        J = -np.log(np.where(Y == 1, A, 1 - A)).mean()
    return np.dot(X, (A - Y).T) / Y.shape[1], (A - Y).mean(keepdims=True), J


@wrong("does not divide by m", says="divide by m")
def logistic_gradients(X, Y, w, b):
    A = nn.sigmoid(w.T @ X + b)
    J = -np.sum(np.log(np.maximum(np.where(Y == 1, A, 1 - A), 1e-12)))
    return X @ (A - Y).T, np.sum(A - Y), J


@wrong("label minus prediction", says="sign")
def logistic_gradients(X, Y, w, b):
    m = X.shape[1]
    A = nn.sigmoid(w.T @ X + b)
    J = -np.sum(np.log(np.maximum(np.where(Y == 1, A, 1 - A), 1e-12))) / m
    return X @ (Y - A).T / m, np.sum(Y - A) / m, J


@wrong("a row for a column", says="transpose")
def logistic_gradients(X, Y, w, b):
    m = X.shape[1]
    A = nn.sigmoid(w.T @ X + b)
    J = -np.sum(np.log(np.maximum(np.where(Y == 1, A, 1 - A), 1e-12))) / m
    return (A - Y) @ X.T / m, np.sum(A - Y) / m, J


@wrong(
    "the cost is NaN where the neuron is certain",
    says="0 · ln 0",
    keeps=("test_logistic_gradients",),
)
def logistic_gradients(X, Y, w, b):
    m = X.shape[1]
    A = nn.sigmoid(w.T @ X + b)
    J = -np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A)) / m
    return X @ (A - Y).T / m, np.sum(A - Y) / m, J


@wrong("the loop again", says="32 samples", keeps=("test_logistic_gradients",))
def logistic_gradients(X, Y, w, b):
    n_x, m = X.shape
    dw, db, J = np.zeros((n_x, 1)), 0.0, 0.0
    for i in range(m):
        x, y = X[:, [i]], Y[0, i]
        a = nn.sigmoid(np.sum(w * x) + b)
        dw, db = dw + x * (a - y) / m, db + (a - y) / m
        J = J - np.log(np.maximum(a if y == 1 else 1 - a, 1e-12)) / m
    return dw, db, J


@wrong("only the samples of class 1 count in the cost", says="J of")
def logistic_gradients(X, Y, w, b):
    m = X.shape[1]
    A = nn.sigmoid(w.T @ X + b)
    J = -np.sum(Y * np.log(np.maximum(A, 1e-12))) / m
    return X @ (A - Y).T / m, np.sum(A - Y) / m, J


@right("all in one vector, the cost computed by itself")
def train_logistic_regression(X, Y, learning_rate, steps):
    A = np.vstack([X, np.ones((1, X.shape[1]))])
    theta, costs = np.zeros((A.shape[0], 1)), []
    for _ in range(steps):
        P = nn.sigmoid(theta.T @ A)
        costs.append(float(np.mean(nn.binary_cross_entropy(P, Y))))
        theta = theta - learning_rate / Y.size * (A @ (P - Y).T)
    return theta[:-1], theta[-1, 0], costs


@right("costs in an array")
def train_logistic_regression(X, Y, learning_rate, steps):
    w, b, costs = np.zeros((len(X), 1)), 0, np.empty(steps)
    for t in range(steps):
        dw, db, costs[t] = logistic_gradients(X, Y, w, b)
        w, b = w - learning_rate * dw, b - learning_rate * db
    return w, b, costs


@wrong("goes uphill", says="downhill")
def train_logistic_regression(X, Y, learning_rate, steps):
    w, b, costs = np.zeros((X.shape[0], 1)), 0.0, []
    for _ in range(steps):
        dw, db, J = logistic_gradients(X, Y, w, b)
        costs.append(J)
        w, b = w + learning_rate * dw, b + learning_rate * db
    return w, b, costs


@wrong(
    "notes the cost after each step",
    says="at w = 0, b = 0",
    keeps=("test_train_logistic_regression",),
)
def train_logistic_regression(X, Y, learning_rate, steps):
    w, b, costs = np.zeros((X.shape[0], 1)), 0.0, []
    for _ in range(steps):
        dw, db, J = logistic_gradients(X, Y, w, b)
        w, b = w - learning_rate * dw, b - learning_rate * db
        costs.append(logistic_gradients(X, Y, w, b)[2])
    return w, b, costs


@wrong(
    "one cost more than steps", says="one entry too many", keeps=("test_train_logistic_regression",)
)
def train_logistic_regression(X, Y, learning_rate, steps):
    w, b, costs = np.zeros((X.shape[0], 1)), 0.0, []
    for _ in range(steps):
        dw, db, J = logistic_gradients(X, Y, w, b)
        costs.append(J)
        w, b = w - learning_rate * dw, b - learning_rate * db
    costs.append(logistic_gradients(X, Y, w, b)[2])
    return w, b, costs


@wrong("starts from ones", says="at w = 0, b = 0")
def train_logistic_regression(X, Y, learning_rate, steps):
    w, b, costs = np.ones((X.shape[0], 1)), 0.0, []
    for _ in range(steps):
        dw, db, J = logistic_gradients(X, Y, w, b)
        costs.append(J)
        w, b = w - learning_rate * dw, b - learning_rate * db
    return w, b, costs


@wrong("the weights learn, the bias does not", says="bias learns")
def train_logistic_regression(X, Y, learning_rate, steps):
    w, b, costs = np.zeros((X.shape[0], 1)), 0.0, []
    for _ in range(steps):
        dw, db, J = logistic_gradients(X, Y, w, b)
        costs.append(J)
        w = w - learning_rate * dw
    return w, b, costs


@wrong("a learning rate of its own", says="is it used?")
def train_logistic_regression(X, Y, learning_rate, steps):
    w, b, costs = np.zeros((X.shape[0], 1)), 0.0, []
    for _ in range(steps):
        dw, db, J = logistic_gradients(X, Y, w, b)
        costs.append(J)
        w, b = w - dw, b - db
    return w, b, costs


@wrong("stops when the cost hardly falls any more", says="no step is left out")
def train_logistic_regression(X, Y, learning_rate, steps):
    w, b, costs = np.zeros((X.shape[0], 1)), 0.0, []
    for _ in range(steps):
        dw, db, J = logistic_gradients(X, Y, w, b)
        if costs and costs[-1] - J < 0.01:
            break
        costs.append(J)
        w, b = w - learning_rate * dw, b - learning_rate * db
    return w, b, costs


@wrong("moves w first and asks again for the bias", says="same place")
def train_logistic_regression(X, Y, learning_rate, steps):
    w, b, costs = np.zeros((X.shape[0], 1)), 0.0, []
    for _ in range(steps):
        costs.append(logistic_gradients(X, Y, w, b)[2])
        w = w - learning_rate * logistic_gradients(X, Y, w, b)[0]
        b = b - learning_rate * logistic_gradients(X, Y, w, b)[1]
    return w, b, costs


@right("one entry after the other through numerical_derivative")
def numerical_gradient(f, x, h=1e-5):
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):

        def along(value):
            moved = np.array(x, dtype=float)
            moved[index] = value
            return f(moved)

        gradient[index] = numerical_derivative(along, float(x[index]), h)
    return gradient


@right("flat, and shaped at the end")
def numerical_gradient(f, x, h=1e-5):
    slopes = []
    for j in range(x.size):
        up, down = np.array(x, dtype=float), np.array(x, dtype=float)
        up.flat[j] += h
        down.flat[j] -= h
        slopes.append((f(up) - f(down)) / (2 * h))
    return np.array(slopes).reshape(x.shape)


@wrong("nudges up only", says="one side only")
def numerical_gradient(f, x, h=1e-5):
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        nudge = np.zeros(x.shape)
        nudge[index] = h
        gradient[index] = (f(x + nudge) - f(x)) / h
    return gradient


@wrong("nudges all entries at once", says="whatever the input")
def numerical_gradient(f, x, h=1e-5):
    return np.full(x.shape, (f(x + h) - f(x - h)) / (2 * h))


@wrong("writes the nudge into the caller's array", says="changed its argument")
def numerical_gradient(f, x, h=1e-5):
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        x[index] += h
        up = f(x)
        x[index] -= 2 * h
        down = f(x)
        x[index] += h
        gradient[index] = (up - down) / (2 * h)
    return gradient


@wrong("nudges a copy of whole numbers", says="small nudge", keeps=("test_numerical_gradient_2",))
def numerical_gradient(f, x, h=1e-5):
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[index] += h
        down[index] -= h
        gradient[index] = (f(up) - f(down)) / (2 * h)
    return gradient


@wrong("a nudge of its own", says="is it used?", keeps=("test_numerical_gradient",))
def numerical_gradient(f, x, h=1e-5):
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        nudge = np.zeros(x.shape)
        nudge[index] = 1e-5
        gradient[index] = (f(x + nudge) - f(x - nudge)) / 2e-5
    return gradient


@wrong("does not take the nudge back before the next entry", says="adds up")
def numerical_gradient(f, x, h=1e-5):
    gradient = np.zeros(x.shape)
    nudge = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        nudge[index] = h
        gradient[index] = (f(x + nudge) - f(x - nudge)) / (2 * h)
    return gradient


@wrong("asks the library under another name", says="write this one yourself")
def numerical_gradient(f, x, h=1e-5):
    return nn.complex_gradient(f, x)


@equivalent(
    "normal_equation",
    "return (solution[:-1], solution[-1, 0]) → return (solution[:-1], solution[-1, -1])",
    because="an axis of length 1 ends where it begins",
)
def houses(rng):
    return rng.normal(size=(3, 8)), rng.normal(size=(1, 8))


@equivalent(
    "logistic_gradients_loop",
    "x, y = (X[:, [i]], Y[0, i]) → x, y = (X[:, [i]], Y[-1, i])",
    "J = J + np.logaddexp(0, z) - y * z → J = J + np.logaddexp(z, 0) - y * z",
    because="an axis of length 1 ends where it begins, and a sum has no order",
)
def tumours(rng):
    X, Y = rng.normal(size=(3, 5)), rng.integers(0, 2, size=(1, 5))
    return X, Y, rng.normal(size=(3, 1)), rng.normal()
