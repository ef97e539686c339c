"""Programs with one mistake each: the kind, the exercise, its arguments, and the program."""

import numpy as np

import nnlib as nn

Z = np.array([[-3.1, -0.4, 0.0, 0.7, 2.2], [1.3, -2.5, 0.2, -0.9, 4.1]])
X = np.array([[0.5, -1.2, 2.0, 0.3], [1.5, 0.4, -0.7, -2.2], [0.1, 0.9, 1.1, -0.6]])
W = np.array([[0.8], [-1.1], [0.4]])
Y_HAT = np.array([[0.8, 0.3, 0.6, 0.1, 0.45]])
Y = np.array([[1.0, 0.0, 0.0, 1.0, 1.0]])
LOSSES = np.array([[0.5, 1.1, 1.7, 2.0]])
IMAGES = np.arange(2 * 6 * 6 * 3, dtype=float).reshape(2, 6, 6, 3) % 7
FILTERS = np.array([[[[1.0, 2.0], [-1.0, 0.5]], [[0.3, -2.0], [1.5, 0.0]]]])
V, DV = np.array([0.5, -1.5, 2.5]), np.array([0.2, -0.6, 1.4])
TIES = np.array([[0.0, 1.0, -1.0, 0.5], [0.0, 0.3, 0.2, -1.0], [0.0, 0.0, 1.0, 1.0]])
SPREAD = np.linspace(-3, 3, 601)[None]
WIDE = np.hstack([X, 0.5 * X[:, 1:]])
STILL = np.array([[2.0, 2.0, 2.0, 2.0], [1.0, 3.0, 4.0, 9.0]])


def made_in_place(z):
    z -= 1
    return nn.sigmoid(z)


def integers_like(z):
    a = np.zeros_like(z)
    a[...] = nn.softplus(z)
    return a


def carried(X, w, b):
    return nn.sigmoid(np.cumsum(nn.linear_score(X, w, 0), axis=1) + b)


def to_all_maxima(dA, X, f, stride):
    dX = np.zeros_like(X)
    for i in range(dA.shape[1]):
        for j in range(dA.shape[2]):
            part = np.s_[:, i * stride : i * stride + f, j * stride : j * stride + f]
            highest = X[part] == X[part].max((1, 2), keepdims=True)
            dX[part] += highest * dA[:, i : i + 1, j : j + 1]
    return dX


def adam_uncorrected(w, dw, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    v, s = (1 - beta1) * dw, (1 - beta2) * dw**2
    return w - learning_rate * v / (np.sqrt(s) + eps), None


def adam_at_one(w, dw, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    v, s = beta1 * state[0] + (1 - beta1) * dw, beta2 * state[1] + (1 - beta2) * dw**2
    return w - learning_rate * v / (1 - beta1) / (np.sqrt(s / (1 - beta2)) + eps), None


def corrected_again(values, beta, bias_correction):
    averages, v = [], 0.0
    for t, a in enumerate(values, 1):
        v = (beta * v + (1 - beta) * a) / (1 - beta**t)
        averages.append(v)
    return np.array(averages)


def downwards(f, x, h):
    return np.array([(f(x) - f(x - h * (np.arange(x.size) == j))) / h for j in range(x.size)])


def certain(z):
    return np.where(np.abs(z) > 2, (z > 0) * 1.0, nn.sigmoid(z))


def over_inputs(dZ, A_prev, W):
    n = len(A_prev)
    return W.T @ dZ, dZ @ A_prev.T / n, dZ.sum(1, keepdims=True) / n


def one_way(z):
    return np.where(z > 0, nn.elu(z), 0.3 * z)


MISTAKES = [
    # kind, exercise, arguments, what the student's program gives
    ("input-modified", "sigmoid", (Z,), made_in_place),
    (
        "log-of-zero",
        "binary_cross_entropy",
        (np.array([[0.0, 0.4, 0.9]]), Y[:, :3]),
        lambda p, y: -y * np.log(p) - (1 - y) * np.log(1 - p),
    ),
    (
        "overflow",
        "sigmoid",
        (np.array([1000.0, 1.0, -2.0]),),
        lambda z: np.exp(z) / (1 + np.exp(z)),
    ),
    (
        "zero-by-zero",
        "softmax",
        (np.array([[-900.0, 1.0], [-800.0, 2.0]]),),
        lambda z: np.exp(z) / np.exp(z).sum(0),
    ),
    (
        "zero-deviation",
        "standardize",
        (STILL,),
        lambda X: (X - X.mean(1, keepdims=True)) / X.std(1, keepdims=True),
    ),
    ("transposed", "linear_score", (X, W, 0.5), lambda X, w, b: X.T @ w + b),
    ("missing-axis", "linear_score", (X, W, 0.5), lambda X, w, b: w[:, 0] @ X + b),
    (
        "extra-axis",
        "decision_boundary",
        (W[:2], 0.5, X[0]),
        lambda w, b, x: nn.decision_boundary(w, b, x)[None],
    ),
    ("not-summed", "linear_score", (X, W, 0.5), lambda X, w, b: w * X + b),
    ("not-averaged", "cost", (LOSSES,), lambda losses: losses),
    ("broadcast", "squared_error", (Y_HAT, Y), lambda p, y: (p - y.T) ** 2 / 2),
    ("one-number", "linear_score", (X, W, 0.5), lambda X, w, b: np.sum(w * X) + b),
    ("one-too-many", "ewma", (V, 0.5), lambda a, beta: np.append(0.0, nn.ewma(a, beta))),
    ("one-too-few", "ewma", (V, 0.5), lambda a, beta: nn.ewma(a, beta)[:-1]),
    ("flat-order", "to_columns", (X,), lambda rows: rows.reshape(4, 3)),
    ("zeros", "sigmoid", (Z,), np.zeros_like),
    ("constant", "sigmoid", (Z,), lambda z: np.full_like(z, 0.5)),
    ("echo", "sigmoid", (Z,), lambda z: z.copy() * 1),
    ("exchanged-classes", "predict", (X, W, 0.1), lambda X, w, b: 1 - nn.predict(X, w, b)),
    ("truncated", "softplus", (np.array([-3, 2, 5, 1]),), integers_like),
    ("rounded", "sigmoid", (Z,), lambda z: np.round(nn.sigmoid(z), 3)),
    ("sign", "sigmoid_cross_entropy_gradient", (Z, (Z > 1) * 1.0), lambda z, y: y - nn.sigmoid(z)),
    ("absolute", "squared_error_gradient", (Y_HAT, Y), lambda p, y: np.abs(p - y)),
    ("complement", "sigmoid", (Z,), lambda z: nn.sigmoid(-z)),
    ("squared", "sigmoid", (Z,), lambda z: nn.sigmoid(z) ** 2),
    ("rooted", "sigmoid", (Z,), lambda z: np.sqrt(nn.sigmoid(z))),
    ("reciprocal", "sigmoid", (Z,), lambda z: 1 + np.exp(-z)),
    ("log-missing", "softplus", (Z,), lambda z: 1 + np.exp(z)),
    ("exp-missing", "softmax", (Z,), lambda z: np.log(nn.softmax(z))),
    ("before-sigmoid", "predict_proba", (X, W, 0.5), nn.linear_score),
    ("sigmoid-twice", "sigmoid", (Z,), lambda z: nn.sigmoid(nn.sigmoid(z))),
    ("score-for-activation", "sigmoid_derivative", (Z,), lambda z: z * (1 - z)),
    ("score-for-activation", "tanh_derivative", (Z,), lambda z: 1 - z**2),
    ("score-for-activation", "sigmoid_backward", (Z[::-1], Z), lambda d, z: d * z * (1 - z)),
    ("wrong-at-zero", "relu_backward", (Z[::-1], Z), lambda dA, z: dA * (z >= 0)),
    ("slope-factor", "sigmoid_derivative", (Z,), lambda z: 1 - nn.sigmoid(z)),
    ("tanh-slope", "sigmoid_derivative", (Z,), lambda z: 1 - nn.sigmoid(z) ** 2),
    ("activation-too-early", "predict_proba", (X, W, 0.5), lambda X, w, b: w.T @ nn.sigmoid(X) + b),
    ("not-thresholded", "predict", (X, W, 0.1), lambda X, w, b: nn.predict_proba(X, w, b)),
    ("bias-missing", "linear_score", (X, W, 0.5), lambda X, w, b: w.T @ X),
    ("bias-missing", "neuron", (V, DV, 0.7), lambda x, w, b: w @ x),
    (
        "bias-missing",
        "linear_forward",
        (X, FILTERS[0, 0] @ X[:2, :3], W[:2]),
        lambda A, W, b: W @ A,
    ),
    ("wrong-divisor", "linear_backward", (WIDE[:1], WIDE, W.T), over_inputs),
    ("bias-repeated", "linear_score", (X, W, 0.5), lambda X, w, b: w.T @ X + 3 * b),
    (
        "padding-ignored",
        "conv2d_forward",
        (IMAGES, FILTERS, np.ones((1, 1)), 1, 1),
        lambda X, W, b, p, s: nn.conv2d_forward(X, W, b, 0, s),
    ),
    (
        "stride-ignored",
        "conv2d_forward",
        (IMAGES, FILTERS, np.ones((1, 1)), 0, 2),
        lambda X, W, b, p, s: nn.conv2d_forward(X, W, b, p, 1),
    ),
    ("argument-ignored", "leaky_relu", (Z, 0.2), lambda z, alpha: nn.leaky_relu(z)),
    ("tie", "predict", (TIES, W, 0.0, 0.5), lambda X, w, b, t: (nn.predict_proba(X, w, b) > t) * 1),
    (
        "rounded-early",
        "predict",
        (SPREAD, np.ones((1, 1)), 0.0, 0.5),
        lambda X, w, b, t: (np.round(nn.predict_proba(X, w, b), 1) >= t) * 1,
    ),
    (
        "other-result",
        "linear_backward",
        (Z[:, :4], X, np.ones((2, 3))),
        lambda dZ, A, W: nn.linear_backward(dZ, A, W)[::-1],
    ),
    ("scaled", "ewma", (V, 0.5), lambda a, beta: -2.9 * nn.ewma(a, beta)),
    (
        "swapped-arguments",
        "binary_cross_entropy",
        (Y_HAT, Y),
        lambda p, y: nn.binary_cross_entropy(y, p),
    ),
    ("argument-sign", "linear_score", (X, W, 0.5), lambda X, w, b: w.T @ X - b),
    (
        "reversed-argument",
        "decision_boundary",
        (W[:2], 0.5, X[0]),
        lambda w, b, x: nn.decision_boundary(w[::-1], b, x),
    ),
    (
        "even-spacing",
        "decision_boundary",
        (W[:2], 0.5, X[0]),
        lambda w, b, x: nn.decision_boundary(w, b, np.linspace(x.min(), x.max(), x.size)),
    ),
    ("some-features", "linear_score", (X, W, 0.5), lambda X, w, b: w[:2].T @ X[:2] + b),
    ("wrong-axis", "softmax", (Z,), lambda z: nn.softmax(z.T).T),
    (
        "filter-flipped",
        "conv2d_forward",
        (IMAGES, FILTERS, np.ones((1, 1)), 0, 1),
        lambda X, W, b, p, s: nn.conv2d_forward(X, W[..., ::-1, ::-1], b, p, s),
    ),
    (
        "pool-tie",
        "maxpool_backward",
        (np.sin(np.arange(54.0)).reshape(2, 3, 3, 3), np.floor(IMAGES / 2), 2, 2),
        to_all_maxima,
    ),
    ("sum-for-mean", "cost", (LOSSES,), np.sum),
    (
        "gradient-of-sum",
        "linear_regression_gradients",
        (X, LOSSES, W, 0.5),
        lambda X, Y, w, b: X @ (w.T @ X + b - Y).T,
    ),
    ("divided-by-m", "squared_error", (Y_HAT, Y), lambda p, y: (p - y) ** 2 / 2 / 5),
    (
        "wrong-divisor",
        "linear_backward",
        (Z, WIDE[:, :5], np.ones((2, 3))),
        lambda dZ, A, W: (W.T @ dZ, dZ @ A.T / 3),
    ),
    (
        "mean-for-sum",
        "pairwise_squared_distances",
        (X, WIDE),
        lambda A, B: nn.pairwise_squared_distances(A, B) / 3,
    ),
    (
        "sample-deviation",
        "standardize",
        (WIDE,),
        lambda X: (X - X.mean(1, keepdims=True)) / X.std(1, keepdims=True, ddof=1),
    ),
    (
        "dropout-scale",
        "dropout_backward",
        (Z, (Z > 0) * 1.0, 0.7),
        lambda dA, mask, keep_prob: dA * mask,
    ),
    ("argument-factor", "l2_gradient", (X, 0.3, 7), lambda W, lambd, m: lambd**2 * W / m),
    (
        "log-base",
        "binary_cross_entropy",
        (Y_HAT, Y),
        lambda p, y: -y * np.log10(p) - (1 - y) * np.log10(1 - p),
    ),
    (
        "percent",
        "accuracy",
        (np.array([[1, 0, 0, 1, 1, 1, 0]]), np.array([[1, 1, 0, 1, 1, 1, 0]])),
        lambda a, b: 100 * np.mean(a == b),
    ),
    ("degrees", "arctan", (Z,), lambda z: np.degrees(np.arctan(z))),
    ("factor-two", "squared_error", (Y_HAT, Y), lambda p, y: (p - y) ** 2),
    ("scaled", "softplus", (Z,), lambda z: 3.7 * nn.softplus(z)),
    ("edge-missing", "sigmoid", (Z[0],), lambda z: np.append(nn.sigmoid(z[:-1]), 0)),
    ("not-reset", "predict_proba", (X, W, 0.5), carried),
    ("first-sample-only", "softmax", (Z,), lambda z: nn.softmax(z)[:, :1] * np.ones((1, 5))),
    ("certain-too-soon", "sigmoid", (Z,), certain),
    ("term-missing", "binary_cross_entropy", (Y_HAT, Y), lambda p, y: -y * np.log(p)),
    ("wrong-at-zero", "relu_derivative", (Z,), lambda z: (z >= 0) * 1.0),
    ("wrong-at-zero", "leaky_relu_derivative", (Z, 0.2), lambda z, a: np.where(z >= 0, 1.0, a)),
    ("argument-scaled", "tanh", (Z,), lambda z: 2 * nn.sigmoid(z) - 1),
    ("argument-scaled", "sigmoid", (Z,), lambda z: nn.sigmoid(2 * z)),
    ("wrong-for-negative", "elu", (np.linspace(-4, 4, 17),), one_way),
    (
        "wrong-for-positive",
        "elu",
        (np.linspace(-4, 4, 17),),
        lambda z: np.where(z > 0, z**2 + 1, nn.elu(z)),
    ),
    (
        "shifted",
        "ewma",
        (np.append(V, DV), 0.5),
        lambda a, beta: np.append(0.0, nn.ewma(a, beta)[:-1]),
    ),
    ("reversed", "ewma", (V, 0.5), lambda a, beta: nn.ewma(a, beta)[::-1]),
    ("accumulated", "softplus", (Z[0],), lambda z: np.cumsum(nn.softplus(z))),
    ("not-normalised", "softmax", (Z,), lambda z: np.exp(z)),
    (
        "offset",
        "pairwise_squared_distances",
        (X, X[:, :3]),
        lambda A, B: nn.pairwise_squared_distances(A, B) + 0.37,
    ),
    (
        "clipped",
        "binary_cross_entropy_from_logits",
        (20 * Z, (Z < 0.5) * 1.0),
        lambda z, y: np.minimum(nn.binary_cross_entropy_from_logits(z, y), 9.0),
    ),
    ("another-function", "squared_error", (Y_HAT, Y), nn.absolute_error),
    (
        "permuted",
        "softplus",
        (Z,),
        lambda z: nn.softplus(z).ravel()[[3, 1, 4, 0, 2, 9, 5, 8, 6, 7]].reshape(2, 5),
    ),
    (
        "state-not-kept",
        "momentum_step",
        (V, DV, np.ones(3), 0.1),
        lambda w, dw, state, rate: w - rate * 0.1 * dw,
    ),
    (
        "epsilon-inside",
        "rmsprop_step",
        (V, DV, None, 0.1, 0.9, 0.3),
        lambda w, dw, state, rate, beta, eps: w - rate * dw / np.sqrt(0.1 * dw**2 + eps),
    ),
    ("ascends", "sgd_step", (V, DV, 0.1), lambda w, dw, rate: w + rate * dw),
    (
        "wrong-way",
        "perceptron_update",
        (V, 0.2, DV, 0, 0.3),
        lambda w, b, x, y, rate: (w + rate * x, b + rate),
    ),
    (
        "ascends",
        "gradient_descent",
        (lambda w: 2 * w, V, 0.3, 1),
        lambda gradient, w0, rate, steps: (w0 + rate * gradient(w0), []),
    ),
    (
        "one-sided",
        "numerical_derivative",
        (lambda a: a**3, 3, 0.1),
        lambda f, a, h: (f(a + h) - f(a)) / h,
    ),
    ("one-sided", "numerical_gradient", (lambda x: np.sum(x**3), V, 0.1), downwards),
    (
        "nudge-divisor",
        "numerical_derivative",
        (lambda a: a**3, 3, 0.1),
        lambda f, a, h: f(a + h) - f(a - h),
    ),
    (
        "nudge-divisor",
        "numerical_derivative",
        (lambda a: a**3, 3, 0.1),
        lambda f, a, h: f(a + h) - f(a - h) / (2 * h),
    ),
    (
        "nudge-divisor",
        "numerical_derivative",
        (lambda a: a**3, 3, 0.1),
        lambda f, a, h: (f(a + h) - f(a - h)) / 2 * h,
    ),
    ("learning-rate-missing", "sgd_step", (V, DV, 0.1), lambda w, dw, rate: w - dw),
    ("step-only", "sgd_step", (V, DV, 0.1), lambda w, dw, rate: -rate * dw),
    (
        "root-missing",
        "adagrad_step",
        (V, DV, None, 0.1),
        lambda w, dw, state, rate: w - rate * dw / (dw**2 + 1e-8),
    ),
    (
        "newest-missing",
        "adagrad_step",
        (V, DV, None, 0.1, 0.3),
        lambda w, dw, state, rate, eps: w - rate * dw / eps,
    ),
    (
        "one-scale",
        "rmsprop_step",
        (V, DV, None, 0.1),
        lambda w, dw, state, rate: w - rate * dw / np.sqrt(0.05 * np.sum(dw**2)),
    ),
    ("counter-stuck", "adam_step", (V, DV, (DV, DV**2, 4), 0.1), adam_at_one),
    (
        "bias-correction-missing",
        "adam_step",
        (V, DV, None, 0.1),
        lambda w, dw, state, rate: w - 0.1 * rate * np.sign(dw),
    ),
    (
        "argument-ignored",
        "l2_cost",
        ([W], 0.6, 8),
        lambda Ws, lambd, m: lambd / 2 * sum(np.sum(V**2) for V in Ws),
    ),
    ("weights-exchanged", "ewma", (V, 0.8), lambda a, beta: nn.ewma(a, 1 - beta)),
    ("average-weight", "ewma", (V, 0.8), lambda a, beta: nn.ewma(a, beta) / (1 - beta)),
    (
        "average-start",
        "ewma",
        (V, 0.8),
        lambda a, beta: nn.ewma(a, beta) + a[0] * beta ** np.arange(1, a.size + 1),
    ),
    ("corrected-again", "ewma", (V, 0.8, True), corrected_again),
    ("bias-correction-missing", "adam_step", (V, DV, None, 0.1), adam_uncorrected),
    (
        "average-weight",
        "momentum_step",
        (V, DV, None, 0.2),
        lambda w, dw, state, rate: w - rate * dw,
    ),
    (
        "hits-only",
        "accuracy",
        (np.array([[1, 0, 0, 1, 1, 1, 0]]), np.array([[1, 1, 0, 1, 1, 1, 0]])),
        lambda a, b: np.mean(a * b),
    ),
    (
        "score-for-probability",
        "predict",
        (SPREAD, np.ones((1, 1)), 0.0, 0.6),
        lambda X, w, b, t: (nn.linear_score(X, w, b) >= t) * 1,
    ),
]
