"""Programs that students would hand in for lecture 05."""

import numpy as np

import nnlib as nn
from autograder.equivalence import equivalent
from autograder.variants import right, wrong


@right("all in one line")
def graph_forward(a, b, c):
    return dict(u=b * c, v=a + b * c, J=3 * (a + b * c))


@right("recorded by nnlib's graph")
def graph_forward(a, b, c):
    a, b, c = nn.Variable(a), nn.Variable(b), nn.Variable(c)
    u = b * c
    v = a + u
    return {"u": u.value, "v": v.value, "J": (3 * v).value, "graph": None}


@wrong("adds before it multiplies", says="v = a + u")
def graph_forward(a, b, c):
    u = b * c
    v = (a + b) * c
    return {"u": u, "v": v, "J": 3 * v}


@wrong("forgets the 3", says="J = 3v")
def graph_forward(a, b, c):
    u = b * c
    v = a + u
    return {"u": u, "v": v, "J": v}


@wrong("returns a tuple", says="return a dict")
def graph_forward(a, b, c):
    u = b * c
    v = a + u
    return u, v, 3 * v


@wrong("returns the result alone", says="return a dict")
def graph_forward(a, b, c):
    return 3 * (a + b * c)


@wrong("the numbers of the example", says="at other numbers")
def graph_forward(a, b, c):
    return {"u": 6, "v": 11, "J": 33}


@wrong("names a step otherwise", says="no entry 'J'")
def graph_forward(a, b, c):
    u = b * c
    return {"u": u, "v": a + u, "j": 3 * (a + u)}


@right("nudged")
def graph_backward(a, b, c):
    def J(a, b, c):
        return 3 * (a + b * c)

    h = 1e-3
    return {
        "dv": 3,
        "du": 3,
        "da": (J(a + h, b, c) - J(a - h, b, c)) / (2 * h),
        "db": (J(a, b + h, c) - J(a, b - h, c)) / (2 * h),
        "dc": (J(a, b, c + h) - J(a, b, c - h)) / (2 * h),
    }


@right("by nnlib's graph")
def graph_backward(a, b, c):
    a, b, c = nn.Variable(a), nn.Variable(b), nn.Variable(c)
    u = b * c
    v = a + u
    (3 * v).backward()
    return {"dv": v.grad, "du": u.grad, "da": a.grad, "db": b.grad, "dc": c.grad}


@wrong("gives each factor its own value as slope", says="another of the results")
def graph_backward(a, b, c):
    return {"dv": 3, "du": 3, "da": 3, "db": 3 * b, "dc": 3 * c}


@wrong("forgets the chain behind u", says="3 times too small", keeps=())
def graph_backward(a, b, c):
    return {"dv": 3, "du": 3, "da": 3, "db": c, "dc": b}


@wrong("the slopes of single steps, not multiplied", says="3 times too small")
def graph_backward(a, b, c):
    return {"dv": 3, "du": 1, "da": 1, "db": c, "dc": b}


@wrong("the slopes of the example", says="at other numbers")
def graph_backward(a, b, c):
    return {"dv": 3, "du": 3, "da": 3, "db": 6, "dc": 9}


@wrong("multiplies du by its own value", says="u", keeps=("test_graph_backward",))
def graph_backward(a, b, c):
    u = b * c
    return {"dv": 3, "du": 3 * u, "da": 3, "db": 3 * c, "dc": 3 * b}


@wrong("takes the absolute values of b and c", says="other numbers")
def graph_backward(a, b, c):
    return {"dv": 3, "du": 3, "da": 3, "db": abs(3 * c), "dc": abs(3 * b)}


@wrong("returns a tuple", says="return a dict", keeps=("test_graph_backward_2",))
def graph_backward(a, b, c):
    return 3, 3, 3, 3 * c, 3 * b


@right("with a matrix product")
def logistic_backward(x, y, w, b):
    z = (w.T @ x).item() + b
    dz = nn.sigmoid(float(z)) - y
    return x * dz, np.array([[dz]])


@right("by the difference of the sigmoid and the label, as arrays")
def logistic_backward(x, y, w, b):
    z = np.dot(w[:, 0], x[:, 0]) + b
    e = np.exp(-abs(z))
    a = (1 if z >= 0 else e) / (1 + e)
    return np.array([[xi * (a - y)] for xi in x[:, 0]]), a - y


@wrong("three slopes multiplied as they stand", says="nan", keeps=("test_logistic_backward",))
def logistic_backward(x, y, w, b):
    with np.errstate(all="ignore"):
        a = nn.sigmoid(np.sum(w * x) + b)
        dz = (-y / a + (1 - y) / (1 - a)) * (a * (1 - a))
    return dz * x, dz


@wrong("turns the sign", says="sign is turned")
def logistic_backward(x, y, w, b):
    dz = y - nn.sigmoid(np.sum(w * x) + b)
    return dz * x, dz


@wrong("forgets the sigmoid", says="expected [[")
def logistic_backward(x, y, w, b):
    dz = np.sum(w * x) + b - y
    return dz * x, dz


@wrong("the slope of squared error", says="times too small")
def logistic_backward(x, y, w, b):
    a = nn.sigmoid(np.sum(w * x) + b)
    dz = (a - y) * a * (1 - a)
    return dz * x, dz


@wrong("exchanges the two results", says="dw")
def logistic_backward(x, y, w, b):
    dz = nn.sigmoid(np.sum(w * x) + b) - y
    return dz, dz * x


@wrong("ignores the bias", says="bias", keeps=())
def logistic_backward(x, y, w, b):
    dz = nn.sigmoid(np.sum(w * x)) - y
    return dz * x, dz


@right("by index")
def layer_shapes(sizes):
    shapes = []
    for i in range(1, len(sizes)):
        shapes.append([[sizes[i], sizes[i - 1]], [sizes[i], 1]])
    return shapes


@right("as a tuple, through numpy")
def layer_shapes(sizes):
    n = np.array(sizes)
    return tuple(((a, b), (a, 1)) for b, a in zip(n[:-1], n[1:], strict=True))


@wrong("from by to", says="expected 4, got 3")
def layer_shapes(sizes):
    return [((a, b), (b, 1)) for a, b in zip(sizes, sizes[1:], strict=False)]


@wrong("flat biases", says="expected 2 entries, got 1")
def layer_shapes(sizes):
    return [((b, a), (b,)) for a, b in zip(sizes, sizes[1:], strict=False)]


@wrong("gives the bias a row per input", says="expected 4, got 3")
def layer_shapes(sizes):
    return [((b, a), (a, 1)) for a, b in zip(sizes, sizes[1:], strict=False)]


@wrong("leaves out the last layer", says="expected 2 entries, got 1")
def layer_shapes(sizes):
    return [((sizes[i], sizes[i - 1]), (sizes[i], 1)) for i in range(1, len(sizes) - 1)]


@wrong("counts the input as a layer", says="expected 2 entries, got 3")
def layer_shapes(sizes):
    return [((n, sizes[max(i - 1, 0)]), (n, 1)) for i, n in enumerate(sizes)]


@wrong("takes the output for a single neuron always", says="shapes for [2, 7]")
def layer_shapes(sizes):
    n = [*sizes[:-1], 1]
    return [((b, a), (b, 1)) for a, b in zip(n, n[1:], strict=False)]


@right("numpy's dot")
def linear_forward(A_prev, W, b):
    return np.dot(W, A_prev) + b


@right("einsum")
def linear_forward(A_prev, W, b):
    return np.einsum("ij,jk->ik", W, A_prev) + np.asarray(b)


@right("a loop over neurons")
def linear_forward(A_prev, W, b):
    return np.concatenate([row[np.newaxis] @ A_prev + bias for row, bias in zip(W, b, strict=True)])


@wrong("forgets the bias", says="the bias `b`")
def linear_forward(A_prev, W, b):
    return W @ A_prev


@wrong("one row per sample", says="transpos")
def linear_forward(A_prev, W, b):
    return (W @ A_prev + b).T


@wrong("subtracts the bias", says="sign of the bias")
def linear_forward(A_prev, W, b):
    return W @ A_prev - b


@wrong("one bias for all neurons", says="expected")
def linear_forward(A_prev, W, b):
    return W @ A_prev + b[0]


@wrong("turns the weights", says="matmul")
def linear_forward(A_prev, W, b):
    return W.T @ A_prev + b


@wrong("loops over the samples", says="32 samples", keeps=("test_linear_forward",))
def linear_forward(A_prev, W, b):
    Z = np.zeros((W.shape[0], A_prev.shape[1]))
    for i in range(A_prev.shape[1]):
        Z[:, i : i + 1] = W @ A_prev[:, i : i + 1] + b
    return Z


@wrong("fills an array of whole numbers", says="whole numbers")
def linear_forward(A_prev, W, b):
    Z = np.zeros((W.shape[0], A_prev.shape[1]), dtype=int)
    Z[...] = W @ A_prev + b
    return Z


@wrong("applies the activation at once", says="expected")
def linear_forward(A_prev, W, b):
    return np.maximum(W @ A_prev + b, 0)


@right("hidden layers first, then the last")
def model_forward(X, parameters):
    caches = []
    A = X
    for W, b in parameters[:-1]:
        Z = W @ A + b
        caches += [(A, W, Z)]
        A = np.where(Z > 0, Z, 0.0)
    W, b = parameters[-1]
    Z = W @ A + b
    return nn.sigmoid(Z), [*caches, (A, W, Z)]


@right("by recursion over the layers")
def model_forward(X, parameters):
    W, b = parameters[0]
    Z = linear_forward(X, W, b)
    if len(parameters) == 1:
        return nn.sigmoid(Z), [(X, W, Z)]
    A_L, caches = model_forward(nn.relu(Z), parameters[1:])
    return A_L, [(X, W, Z), *caches]


@wrong(
    "ReLU at the end as well",
    says="expected [[0.5, 0.5",
    keeps=("test_model_forward_2",),
)
def model_forward(X, parameters):
    A, caches = X, []
    for W, b in parameters:
        Z = linear_forward(A, W, b)
        caches.append((A, W, Z))
        A = nn.relu(Z)
    return A, caches


@wrong("sigmoids in all layers", says="A_prev of layer 2")
def model_forward(X, parameters):
    A, caches = X, []
    for W, b in parameters:
        Z = linear_forward(A, W, b)
        caches.append((A, W, Z))
        A = nn.sigmoid(Z)
    return A, caches


@wrong(
    "keeps the output of each layer in place of its input",
    says="A_prev of layer 1",
    keeps=("test_model_forward",),
)
def model_forward(X, parameters):
    A, caches = X, []
    for layer, (W, b) in enumerate(parameters, 1):
        Z = linear_forward(A, W, b)
        A = nn.sigmoid(Z) if layer == len(parameters) else nn.relu(Z)
        caches.append((A, W, Z))
    return A, caches


@wrong("no activation between the layers", says="A_prev of layer 2")
def model_forward(X, parameters):
    A, caches = X, []
    for W, b in parameters:
        Z = linear_forward(A, W, b)
        caches.append((A, W, Z))
        A = Z
    return nn.sigmoid(A), caches


@wrong("one or two layers only", says="layer 3", keeps=("test_model_forward",))
def model_forward(X, parameters):
    if len(parameters) == 1:
        Z = parameters[0][0] @ X + parameters[0][1]
        return nn.sigmoid(Z), [(X, parameters[0][0], Z)]
    (W1, b1), (W2, b2) = parameters[0], parameters[1]
    Z1 = W1 @ X + b1
    A1 = nn.relu(Z1)
    Z2 = W2 @ A1 + b2
    return nn.sigmoid(Z2), [(X, W1, Z1), (A1, W2, Z2)]


@wrong("keeps b where W belongs", says="W of layer 1", keeps=("test_model_forward",))
def model_forward(X, parameters):
    A, caches = X, []
    for layer, (W, b) in enumerate(parameters, 1):
        Z = linear_forward(A, W, b)
        caches.append((A, b, Z))
        A = nn.sigmoid(Z) if layer == len(parameters) else nn.relu(Z)
    return A, caches


@wrong(
    "leaves the cache of the last layer out",
    says="expected 2 results",
    keeps=("test_model_forward",),
)
def model_forward(X, parameters):
    A, caches = X, []
    for W, b in parameters[:-1]:
        Z = linear_forward(A, W, b)
        caches.append((A, W, Z))
        A = nn.relu(Z)
    W, b = parameters[-1]
    return nn.sigmoid(linear_forward(A, W, b)), caches


@right("einsum")
def linear_backward(dZ, A_prev, W):
    m = dZ.shape[-1]
    dW = np.einsum("ik,jk->ij", dZ, A_prev) / m
    db = np.mean(dZ, axis=1).reshape(-1, 1)
    return np.einsum("ij,ik->jk", W, dZ), dW, db


@right("the sum as a product with ones, the mean taken first")
def linear_backward(dZ, A_prev, W):
    share = np.asarray(dZ, float) / dZ.shape[1]
    return np.dot(W.T, dZ), np.dot(share, A_prev.T), share @ np.ones((dZ.shape[1], 1))


@wrong(
    "forgets the 1/m",
    says="the cost is the mean over m = 5 samples",
    keeps=("test_linear_backward_2",),
)
def linear_backward(dZ, A_prev, W):
    return W.T @ dZ, dZ @ A_prev.T, dZ.sum(axis=1, keepdims=True)


@wrong(
    "divides by the number of inputs",
    says="divided by n_x = 3, not by m = 5",
    keeps=("test_linear_backward_2",),
)
def linear_backward(dZ, A_prev, W):
    n = A_prev.shape[0]
    return W.T @ dZ, dZ @ A_prev.T / n, dZ.sum(axis=1, keepdims=True) / n


@wrong("a flat db", says="keepdims", keeps=("test_linear_backward_2",))
def linear_backward(dZ, A_prev, W):
    m = dZ.shape[1]
    return W.T @ dZ, dZ @ A_prev.T / m, dZ.sum(axis=1) / m


@wrong("one number for db", says="one number", keeps=("test_linear_backward_2",))
def linear_backward(dZ, A_prev, W):
    m = dZ.shape[1]
    return W.T @ dZ, dZ @ A_prev.T / m, np.sum(dZ) / m


@wrong("a mean in dA_prev too", says="divided by m", keeps=("test_linear_backward",))
def linear_backward(dZ, A_prev, W):
    m = dZ.shape[1]
    return W.T @ dZ / m, dZ @ A_prev.T / m, dZ.sum(axis=1, keepdims=True) / m


@wrong("divides whole", says="db of", keeps=("test_linear_backward_2",))
def linear_backward(dZ, A_prev, W):
    m = dZ.shape[1]
    return W.T @ dZ, dZ @ A_prev.T / m, dZ.sum(axis=1, keepdims=True) // m


@wrong("dW turned round", says="transpos", keeps=("test_linear_backward_2",))
def linear_backward(dZ, A_prev, W):
    m = dZ.shape[1]
    return W.T @ dZ, A_prev @ dZ.T / m, dZ.sum(axis=1, keepdims=True) / m


@wrong("results in another order", says="dW of 2 neurons")
def linear_backward(dZ, A_prev, W):
    m = dZ.shape[1]
    return dZ @ A_prev.T / m, dZ.sum(axis=1, keepdims=True) / m, W.T @ dZ


@wrong(
    "adds up sample by sample",
    says="32 samples",
    keeps=("test_linear_backward", "test_linear_backward_2"),
)
def linear_backward(dZ, A_prev, W):
    m = dZ.shape[1]
    dW, db = np.zeros(W.shape), np.zeros((W.shape[0], 1))
    for i in range(m):
        dW += np.outer(dZ[:, i], A_prev[:, i]) / m
        db[:, 0] += dZ[:, i] / m
    return W.T @ dZ, dW, db


@wrong("asks a layer of the library", says="write this one yourself")
def linear_backward(dZ, A_prev, W):
    layer = nn.Dense(W.shape[1], W.shape[0], np.random.default_rng(0))
    layer.params["W"] = W
    layer.forward(A_prev)
    m = dZ.shape[1]
    dA_prev = layer.backward(dZ)
    return dA_prev, layer.grads["W"] / m, layer.grads["b"] / m


@right("np.where")
def relu_backward(dA, Z):
    return np.where(Z > 0, dA, 0)


@right("a copy with a mask")
def relu_backward(dA, Z):
    dZ = np.array(dA, dtype=float)
    dZ[Z <= 0] = 0
    return dZ


@right("the slope from the sign")
def relu_backward(dA, Z):
    return dA * np.maximum(np.sign(Z), 0)


@wrong("open at 0", says="wrong at 0 only")
def relu_backward(dA, Z):
    return dA * (Z >= 0)


@wrong("looks at the sign of dA", says="Z positive")
def relu_backward(dA, Z):
    return np.maximum(dA, 0)


@wrong("multiplies by ReLU, not by its slope", says="Z positive")
def relu_backward(dA, Z):
    return dA * np.maximum(Z, 0)


@wrong("takes Z, cut at 0 and 1, for the slope", says="expected")
def relu_backward(dA, Z):
    return dA * np.clip(Z, 0, 1)


@wrong("writes into dA", says="changed its argument", keeps=("test_relu_backward",))
def relu_backward(dA, Z):
    dA[Z <= 0] = 0
    return dA


@wrong("forgets what comes from the right", says="True and False")
def relu_backward(dA, Z):
    return Z > 0


@wrong("closes the gate for positive Z", says="Z positive")
def relu_backward(dA, Z):
    return dA * (Z < 0)


@right("through sigmoid_derivative's formula, e only")
def sigmoid_backward(dA, Z):
    e = np.exp(-np.abs(Z))
    return dA * e / (1 + e) ** 2


@right("symmetric")
def sigmoid_backward(dA, Z):
    return dA * (nn.sigmoid(Z) * nn.sigmoid(-Z))


@wrong("takes Z for the activation", says="take σ(z) first")
def sigmoid_backward(dA, Z):
    return dA * Z * (1 - Z)


@wrong("the slope alone", says="expected")
def sigmoid_backward(dA, Z):
    A = nn.sigmoid(Z)
    return A * (1 - A)


@wrong("one factor of the slope", says="expected")
def sigmoid_backward(dA, Z):
    return dA * nn.sigmoid(Z)


@wrong("calls the slope 0 beyond ±3", says="expected")
def sigmoid_backward(dA, Z):
    A = nn.sigmoid(Z)
    return np.where(np.abs(Z) > 3, 0, dA * A * (1 - A))


@wrong("overflows", says="overflow", keeps=("test_sigmoid_backward",))
def sigmoid_backward(dA, Z):
    return dA * np.exp(-Z) / (1 + np.exp(-Z)) ** 2


@wrong("turns the sign", says="sign is turned")
def sigmoid_backward(dA, Z):
    A = nn.sigmoid(Z)
    return dA * A * (A - 1)


@wrong("arguments exchanged", says="exchanged")
def sigmoid_backward(dA, Z):
    A = nn.sigmoid(dA)
    return Z * A * (1 - A)


@right("turned round at the end, gates inside")
def model_backward(A_L, Y, caches):
    m, gradients = Y.shape[1], []
    dZ = A_L - Y
    for i in range(len(caches) - 1, -1, -1):
        A_prev, W, Z = caches[i]
        gradients.append((dZ @ A_prev.T / m, dZ.sum(axis=1, keepdims=True) / m))
        if i:
            dZ = (W.T @ dZ) * (caches[i - 1][2] > 0)
    return gradients[::-1]


@right("the gate from A_prev, which is positive just where Z is")
def model_backward(A_L, Y, caches):
    gradients, dZ = [], (A_L - Y) / Y.shape[1]
    for A_prev, W, _ in reversed(caches):
        gradients = [(dZ @ A_prev.T, dZ @ np.ones((dZ.shape[1], 1))), *gradients]
        dZ = W.T @ dZ * (A_prev > 0)
    return tuple(gradients)


@wrong("forgets the gates of ReLU", says="second hidden neuron silent, dW of layer 1")
def model_backward(A_L, Y, caches):
    dZ, gradients = A_L - Y, []
    for A_prev, W, _ in reversed(caches):
        dZ_prev, dW, db = linear_backward(dZ, A_prev, W)
        gradients.insert(0, (dW, db))
        dZ = dZ_prev
    return gradients


@wrong("the last layer first", says="layer 1")
def model_backward(A_L, Y, caches):
    dZ, gradients = A_L - Y, []
    for i in reversed(range(len(caches))):
        A_prev, W, _ = caches[i]
        dA_prev, dW, db = linear_backward(dZ, A_prev, W)
        gradients.append((dW, db))
        if i > 0:
            dZ = relu_backward(dA_prev, caches[i - 1][2])
    return gradients


@wrong(
    "starts with the slope of the loss and the sigmoid, which cannot take 0 and 1",
    says="not finite",
    keeps=("test_model_backward", "test_model_backward_2"),
)
def model_backward(A_L, Y, caches):
    with np.errstate(all="ignore"):
        dA = -Y / A_L + (1 - Y) / (1 - A_L)
        dZ = sigmoid_backward(dA, caches[-1][2])
    gradients = []
    for i in reversed(range(len(caches))):
        A_prev, W, _ = caches[i]
        dA_prev, dW, db = linear_backward(dZ, A_prev, W)
        gradients.insert(0, (dW, db))
        if i > 0:
            dZ = relu_backward(dA_prev, caches[i - 1][2])
    return gradients


@wrong("error with the sign turned", says="sign")
def model_backward(A_L, Y, caches):
    dZ, gradients = Y - A_L, []
    for i in reversed(range(len(caches))):
        A_prev, W, _ = caches[i]
        dA_prev, dW, db = linear_backward(dZ, A_prev, W)
        gradients.insert(0, (dW, db))
        if i > 0:
            dZ = relu_backward(dA_prev, caches[i - 1][2])
    return gradients


@wrong("divides by m once more", says="divided twice")
def model_backward(A_L, Y, caches):
    dZ, gradients = (A_L - Y) / Y.shape[1], []
    for i in reversed(range(len(caches))):
        A_prev, W, _ = caches[i]
        dA_prev, dW, db = linear_backward(dZ, A_prev, W)
        gradients.insert(0, (dW, db))
        if i > 0:
            dZ = relu_backward(dA_prev, caches[i - 1][2])
    return gradients


@wrong("one slope of the sigmoid too many", says="4 times too small")
def model_backward(A_L, Y, caches):
    dZ, gradients = (A_L - Y) * A_L * (1 - A_L), []
    for i in reversed(range(len(caches))):
        A_prev, W, _ = caches[i]
        dA_prev, dW, db = linear_backward(dZ, A_prev, W)
        gradients.insert(0, (dW, db))
        if i > 0:
            dZ = relu_backward(dA_prev, caches[i - 1][2])
    return gradients


@wrong("one or two layers only", says="expected 4 results", keeps=("test_model_backward",))
def model_backward(A_L, Y, caches):
    if len(caches) == 1:
        return [linear_backward(A_L - Y, *caches[0][:2])[1:]]
    caches = caches[-2:]
    (X, _, Z1), (A1, W2, _) = caches
    dA1, dW2, db2 = linear_backward(A_L - Y, A1, W2)
    _, dW1, db1 = linear_backward(relu_backward(dA1, Z1), X, caches[0][1])
    return [(dW1, db1), (dW2, db2)]


@right("a loop")
def update_parameters(parameters, gradients, learning_rate):
    new = []
    for layer in range(len(parameters)):
        W, b = parameters[layer]
        dW, db = gradients[layer]
        new += [(W + (-learning_rate) * dW, b + (-learning_rate) * db)]
    return new


@right("on copies")
def update_parameters(parameters, gradients, learning_rate):
    new = [[np.array(array, float) for array in layer] for layer in parameters]
    for layer, slopes in zip(new, gradients, strict=True):
        for array, slope in zip(layer, slopes, strict=True):
            array -= learning_rate * slope
    return [tuple(layer) for layer in new]


@wrong("goes uphill", says="expected")
def update_parameters(parameters, gradients, learning_rate):
    return [
        (W + learning_rate * dW, b + learning_rate * db)
        for (W, b), (dW, db) in zip(parameters, gradients, strict=True)
    ]


@wrong("writes into the old parameters", says="changed its argument")
def update_parameters(parameters, gradients, learning_rate):
    for (W, b), (dW, db) in zip(parameters, gradients, strict=True):
        W -= learning_rate * dW
        b -= learning_rate * db
    return parameters


@wrong("leaves the biases alone", says="b of layer 1")
def update_parameters(parameters, gradients, learning_rate):
    return [
        (W - learning_rate * dW, b) for (W, b), (dW, _) in zip(parameters, gradients, strict=True)
    ]


@wrong("ignores the learning rate", says="expected")
def update_parameters(parameters, gradients, learning_rate):
    return [(W - dW, b - db) for (W, b), (dW, db) in zip(parameters, gradients, strict=True)]


@wrong("a fixed learning rate", says="rate 0.5")
def update_parameters(parameters, gradients, learning_rate):
    return [
        (W - 0.1 * dW, b - 0.1 * db) for (W, b), (dW, db) in zip(parameters, gradients, strict=True)
    ]


@wrong("updates the first two layers", says="results")
def update_parameters(parameters, gradients, learning_rate):
    (W1, b1), (W2, b2) = parameters[:2]
    (dW1, db1), (dW2, db2) = gradients[:2]
    return [
        (W1 - learning_rate * dW1, b1 - learning_rate * db1),
        (W2 - learning_rate * dW2, b2 - learning_rate * db2),
    ]


@right("the standard deviation as scale")
def initialize_parameters(sizes, rng):
    return [
        (
            rng.normal(0, (2 / sizes[i]) ** 0.5, (sizes[i + 1], sizes[i])),
            np.zeros((sizes[i + 1], 1)),
        )
        for i in range(len(sizes) - 1)
    ]


@right("drawn from the last layer to the first")
def initialize_parameters(sizes, rng):
    layers = []
    for W, b in layer_shapes(sizes)[::-1]:
        layers = [(np.sqrt(2.0 / W[1]) * rng.standard_normal(W), np.zeros(b)), *layers]
    return layers


@wrong("Xavier's variance", says="variance of W", keeps=("test_initialize_parameters",))
def initialize_parameters(sizes, rng):
    return [
        (rng.normal(size=(n, k)) * np.sqrt(2 / (n + k)), np.zeros((n, 1)))
        for k, n in zip(sizes, sizes[1:], strict=False)
    ]


@wrong("the variance as factor", says="variance of W", keeps=("test_initialize_parameters",))
def initialize_parameters(sizes, rng):
    return [
        (rng.normal(size=(n, k)) * 2 / k, np.zeros((n, 1)))
        for k, n in zip(sizes, sizes[1:], strict=False)
    ]


@wrong("zeros", says="variance of W")
def initialize_parameters(sizes, rng):
    return [(np.zeros((n, k)), np.zeros((n, 1))) for k, n in zip(sizes, sizes[1:], strict=False)]


@wrong(
    "numpy's global generator",
    says="generator in the same state",
    keeps=("test_initialize_parameters_2",),
)
def initialize_parameters(sizes, rng):
    return [
        (np.random.randn(n, k) * np.sqrt(2 / k), np.zeros((n, 1)))
        for k, n in zip(sizes, sizes[1:], strict=False)
    ]


@wrong("a seed of its own", says="does not depend on rng", keeps=("test_initialize_parameters_2",))
def initialize_parameters(sizes, rng):
    rng = np.random.default_rng(3)
    return [
        (rng.normal(size=(n, k)) * np.sqrt(2 / k), np.zeros((n, 1)))
        for k, n in zip(sizes, sizes[1:], strict=False)
    ]


@wrong(
    "uniform, with the right variance", says="fourth moment", keeps=("test_initialize_parameters",)
)
def initialize_parameters(sizes, rng):
    return [
        (rng.uniform(-1, 1, size=(n, k)) * np.sqrt(6 / k), np.zeros((n, 1)))
        for k, n in zip(sizes, sizes[1:], strict=False)
    ]


@wrong("random biases", says="b")
def initialize_parameters(sizes, rng):
    return [
        (rng.normal(size=(n, k)) * np.sqrt(2 / k), rng.normal(size=(n, 1)))
        for k, n in zip(sizes, sizes[1:], strict=False)
    ]


@right("written out, the cost from the scores")
def train_two_layer(X, Y, hidden, learning_rate, steps, rng):
    n_x, m = X.shape
    W1, b1 = rng.normal(size=(hidden, n_x)) * np.sqrt(2 / n_x), np.zeros((hidden, 1))
    W2, b2 = rng.normal(size=(1, hidden)) * np.sqrt(2 / hidden), np.zeros((1, 1))
    costs = np.zeros(steps)
    for i in range(steps):
        Z1 = W1 @ X + b1
        A1 = np.maximum(Z1, 0)
        Z2 = W2 @ A1 + b2
        costs[i] = np.mean(np.logaddexp(0, Z2) - Y * Z2)
        dZ2 = (nn.sigmoid(Z2) - Y) / m
        dZ1 = W2.T @ dZ2 * (Z1 > 0)
        W2, b2 = W2 - learning_rate * dZ2 @ A1.T, b2 - learning_rate * dZ2.sum(keepdims=True)
        W1, b1 = W1 - learning_rate * dZ1 @ X.T, b1 - learning_rate * dZ1.sum(1, keepdims=True)
    return [(W1, b1), (W2, b2)], costs.tolist()


@right("the cost without clipping")
def train_two_layer(X, Y, hidden, learning_rate, steps, rng):
    costs, parameters = [], initialize_parameters([len(X), hidden, len(Y)], rng)
    while len(costs) < steps:
        A, caches = model_forward(X, parameters)
        costs += [-np.mean(Y * np.log(A) + (1 - Y) * np.log(1 - A))]
        gradients = model_backward(A, Y, caches)
        parameters = update_parameters(parameters, gradients, learning_rate)
    return parameters, costs


@wrong("the cost after each step", says="costs of", keeps=("test_train_two_layer_2",))
def train_two_layer(X, Y, hidden, learning_rate, steps, rng):
    parameters, costs = initialize_parameters([X.shape[0], hidden, 1], rng), []
    for _ in range(steps):
        A, caches = model_forward(X, parameters)
        parameters = update_parameters(parameters, model_backward(A, Y, caches), learning_rate)
        costs.append(nn.cost(nn.binary_cross_entropy(model_forward(X, parameters)[0], Y)))
    return parameters, costs


@wrong("the sum of the losses as cost", says="too large", keeps=("test_train_two_layer_2",))
def train_two_layer(X, Y, hidden, learning_rate, steps, rng):
    parameters, costs = initialize_parameters([X.shape[0], hidden, 1], rng), []
    for _ in range(steps):
        A, caches = model_forward(X, parameters)
        costs.append(np.sum(nn.binary_cross_entropy(A, Y)))
        parameters = update_parameters(parameters, model_backward(A, Y, caches), learning_rate)
    return parameters, costs


@wrong("one cost more, for the end", says="one entry too many", keeps=("test_train_two_layer_2",))
def train_two_layer(X, Y, hidden, learning_rate, steps, rng):
    parameters, costs = initialize_parameters([X.shape[0], hidden, 1], rng), []
    for _ in range(steps):
        A, caches = model_forward(X, parameters)
        costs.append(nn.cost(nn.binary_cross_entropy(A, Y)))
        parameters = update_parameters(parameters, model_backward(A, Y, caches), learning_rate)
    A, _ = model_forward(X, parameters)
    return parameters, [*costs, nn.cost(nn.binary_cross_entropy(A, Y))]


@wrong("never moves", says="costs of", keeps=())
def train_two_layer(X, Y, hidden, learning_rate, steps, rng):
    parameters, costs = initialize_parameters([X.shape[0], hidden, 1], rng), []
    for _ in range(steps):
        A, caches = model_forward(X, parameters)
        costs.append(nn.cost(nn.binary_cross_entropy(A, Y)))
        update_parameters(parameters, model_backward(A, Y, caches), learning_rate)
    return parameters, costs


@wrong("starts from zeros", says="XOR", keeps=("test_train_two_layer",))
def train_two_layer(X, Y, hidden, learning_rate, steps, rng):
    parameters = [(np.zeros(W), np.zeros(b)) for W, b in layer_shapes([len(X), hidden, 1])]
    costs = []
    for _ in range(steps):
        A, caches = model_forward(X, parameters)
        costs.append(nn.cost(nn.binary_cross_entropy(A, Y)))
        parameters = update_parameters(parameters, model_backward(A, Y, caches), learning_rate)
    return parameters, costs


@wrong("squared error as cost", says="expected", keeps=("test_train_two_layer_2",))
def train_two_layer(X, Y, hidden, learning_rate, steps, rng):
    parameters, costs = initialize_parameters([X.shape[0], hidden, 1], rng), []
    for _ in range(steps):
        A, caches = model_forward(X, parameters)
        costs.append(nn.cost(nn.squared_error(A, Y)))
        parameters = update_parameters(parameters, model_backward(A, Y, caches), learning_rate)
    return parameters, costs


@wrong("returns the parameters only", says="expected 2 results")
def train_two_layer(X, Y, hidden, learning_rate, steps, rng):
    parameters = initialize_parameters([X.shape[0], hidden, 1], rng)
    for _ in range(steps):
        A, caches = model_forward(X, parameters)
        parameters = update_parameters(parameters, model_backward(A, Y, caches), learning_rate)
    return np.array([array.size for layer in parameters for array in layer])


@right("a loop with a copy that is nudged")
def gradient_check(f, gradient, theta, h=1e-5):
    n = np.zeros(len(theta))
    for i in range(len(theta)):
        up, down = np.array(theta, float), np.array(theta, float)
        up[i] += h
        down[i] -= h
        n[i] = (f(up) - f(down)) / (2 * h)
    g = np.asarray(gradient(theta))
    size = np.sqrt(np.sum(g**2)) + np.sqrt(np.sum(n**2))
    if size == 0:
        return 0
    return np.sqrt(np.sum((g - n) ** 2)) / size


@right("guarded by a tiny number")
def gradient_check(f, gradient, theta, h=1e-5):
    eye = np.eye(theta.size)
    n = np.array([f(theta + h * e) / (2 * h) - f(theta - h * e) / (2 * h) for e in eye])
    g = gradient(theta)
    return np.linalg.norm(n - g) / (np.linalg.norm(g) + np.linalg.norm(n) + 1e-300)


@wrong("nudges to one side", says="13", keeps=())
def gradient_check(f, gradient, theta, h=1e-5):
    g = gradient(theta)
    n = np.array([(f(theta + e) - f(theta)) / h for e in h * np.eye(len(theta))])
    size = np.linalg.norm(g) + np.linalg.norm(n)
    return np.linalg.norm(g - n) / size if size > 0 else 0.0


@wrong("forgets the 2 of 2h", says="a right gradient")
def gradient_check(f, gradient, theta, h=1e-5):
    g = gradient(theta)
    n = np.array([(f(theta + e) - f(theta - e)) / h for e in h * np.eye(len(theta))])
    size = np.linalg.norm(g) + np.linalg.norm(n)
    return np.linalg.norm(g - n) / size if size > 0 else 0.0


@wrong("divides 0 by 0", says="nan", keeps=("test_gradient_check",))
def gradient_check(f, gradient, theta, h=1e-5):
    g = gradient(theta)
    n = np.array([(f(theta + e) - f(theta - e)) / (2 * h) for e in h * np.eye(len(theta))])
    with np.errstate(all="ignore"):
        return np.linalg.norm(g - n) / (np.linalg.norm(g) + np.linalg.norm(n))


@wrong("the absolute difference", says="expected")
def gradient_check(f, gradient, theta, h=1e-5):
    n = np.array([(f(theta + e) - f(theta - e)) / (2 * h) for e in h * np.eye(len(theta))])
    return np.linalg.norm(gradient(theta) - n)


@wrong("relative to the claim alone", says="expected")
def gradient_check(f, gradient, theta, h=1e-5):
    g = gradient(theta)
    n = np.array([(f(theta + e) - f(theta - e)) / (2 * h) for e in h * np.eye(len(theta))])
    size = np.linalg.norm(g)
    return np.linalg.norm(g - n) / size if size > 0 else 0.0


@wrong("ignores h", says="h = 1", keeps=("test_gradient_check",))
def gradient_check(f, gradient, theta, h=1e-5):
    g, h = gradient(theta), 1e-5
    n = np.array([(f(theta + e) - f(theta - e)) / (2 * h) for e in h * np.eye(len(theta))])
    size = np.linalg.norm(g) + np.linalg.norm(n)
    return np.linalg.norm(g - n) / size if size > 0 else 0.0


@wrong("nudges in an array like theta", says="at whole numbers", keeps=("test_gradient_check",))
def gradient_check(f, gradient, theta, h=1e-5):
    g, n = gradient(theta), np.zeros(len(theta))
    for i in range(len(theta)):
        nudge = np.zeros_like(theta)
        nudge[i] = h
        n[i] = (f(theta + nudge) - f(theta - nudge)) / (2 * h)
    size = np.linalg.norm(g) + np.linalg.norm(n)
    return np.linalg.norm(g - n) / size if size > 0 else 0.0


@wrong("nudges theta itself and does not put it back", says="changed its argument")
def gradient_check(f, gradient, theta, h=1e-5):
    g, n = gradient(theta), np.zeros(len(theta))
    for i in range(len(theta)):
        theta[i] += h
        up = f(theta)
        theta[i] -= 2 * h
        n[i] = (up - f(theta)) / (2 * h)
    size = np.linalg.norm(g) + np.linalg.norm(n)
    return np.linalg.norm(g - n) / size if size > 0 else 0.0


@equivalent(
    "gradient_check",
    "return np.linalg.norm(g - n) / size if size > 0 else 0.0 → "
    "return np.linalg.norm(n - g) / size if size > 0 else 0.0",
    because="a vector is as long as its opposite",
)
def vectors(rng):
    M, theta = rng.normal(size=(3, 4)), rng.normal(size=4)
    return lambda t: np.sum(np.sin(M @ t)), lambda t: M.T @ np.cos(M @ t) + 1, theta


@right("step by step, 1/m at the start")
def two_layer_backward(X, Y, W1, b1, W2, b2):
    m = X.shape[1]
    A1 = np.tanh(np.dot(W1, X) + b1)
    A2 = nn.sigmoid(np.dot(W2, A1) + b2)
    dZ2 = (A2 - Y) / m
    dA1 = np.dot(W2.T, dZ2)
    dZ1 = dA1 / np.cosh(np.dot(W1, X) + b1) ** 2
    return dZ1 @ X.T, dZ1 @ np.ones((m, 1)), dZ2 @ A1.T, dZ2 @ np.ones((m, 1))


@right("by nnlib's graph")
def two_layer_backward(X, Y, W1, b1, W2, b2):
    W1, b1, W2, b2 = (nn.Variable(array) for array in (W1, b1, W2, b2))
    A2 = (W2 @ (W1 @ X + b1).tanh() + b2).sigmoid()
    (-(Y * A2.log() + (1 - Y) * (1 - A2).log())).mean().backward()
    return W1.grad, b1.grad, W2.grad, b2.grad


@wrong("handed in as it was shown", says="divided by n_x")
def two_layer_backward(X, Y, W1, b1, W2, b2):
    m = X.shape[1]
    Z1 = W1 @ X + b1
    A1 = np.tanh(Z1)
    A2 = nn.sigmoid(W2 @ A1 + b2)
    dZ2 = A2 - Y
    dW2 = dZ2 @ A1.T / m
    db2 = np.sum(dZ2, axis=1, keepdims=True)
    dZ1 = (W2.T @ dZ2) * (1 - Z1**2)
    dW1 = dZ1 @ X.T / X.shape[0]
    db1 = np.sum(dZ1, axis=1, keepdims=True) / m
    return dW1, db1, dW2, db2


@wrong("only db2 mended", says="divided by n_x", keeps=("test_two_layer_backward",))
def two_layer_backward(X, Y, W1, b1, W2, b2):
    m = X.shape[1]
    Z1 = W1 @ X + b1
    A1 = np.tanh(Z1)
    A2 = nn.sigmoid(W2 @ A1 + b2)
    dZ2 = A2 - Y
    dW2 = dZ2 @ A1.T / m
    db2 = np.sum(dZ2, axis=1, keepdims=True) / m
    dZ1 = (W2.T @ dZ2) * (1 - Z1**2)
    dW1 = dZ1 @ X.T / X.shape[0]
    db1 = np.sum(dZ1, axis=1, keepdims=True) / m
    return dW1, db1, dW2, db2


@right("one output, so the sum over paths is a product of a column and a row")
def two_layer_backward(X, Y, W1, b1, W2, b2):
    A1 = np.tanh(W1 @ X + b1)
    dZ2 = nn.sigmoid(W2 @ A1 + b2) - Y
    dZ1 = W2.T * dZ2 * (1 - A1**2)
    mean = [np.mean(dZ, axis=1, keepdims=True) for dZ in (dZ1, dZ2)]
    return dZ1 @ X.T / Y.size, mean[0], dZ2 @ A1.T / Y.size, mean[1]


@wrong("the number of samples of the example", says="1.8 times too large")
def two_layer_backward(X, Y, W1, b1, W2, b2):
    A1 = np.tanh(W1 @ X + b1)
    dZ2 = nn.sigmoid(W2 @ A1 + b2) - Y
    dZ1 = (W2.T @ dZ2) * (1 - A1**2)
    dW1, db1 = dZ1 @ X.T / 5, dZ1.sum(axis=1, keepdims=True) / 5
    return dW1, db1, dZ2 @ A1.T / 5, dZ2.sum(axis=1, keepdims=True) / 5


@wrong("the slope of tanh not mended", says="where Z1 is not 0", keeps=("test_two_layer_backward",))
def two_layer_backward(X, Y, W1, b1, W2, b2):
    m = X.shape[1]
    Z1 = W1 @ X + b1
    A1 = np.tanh(Z1)
    dZ2 = nn.sigmoid(W2 @ A1 + b2) - Y
    dZ1 = (W2.T @ dZ2) * (1 - Z1**2)
    dW1, db1 = dZ1 @ X.T / m, dZ1.sum(axis=1, keepdims=True) / m
    return dW1, db1, dZ2 @ A1.T / m, dZ2.sum(axis=1, keepdims=True) / m


@wrong("db2 not mended", says="the cost is the mean", keeps=("test_two_layer_backward_2",))
def two_layer_backward(X, Y, W1, b1, W2, b2):
    m = X.shape[1]
    A1 = np.tanh(W1 @ X + b1)
    dZ2 = nn.sigmoid(W2 @ A1 + b2) - Y
    dZ1 = (W2.T @ dZ2) * (1 - A1**2)
    dW1, db1 = dZ1 @ X.T / m, dZ1.sum(axis=1, keepdims=True) / m
    return dW1, db1, dZ2 @ A1.T / m, dZ2.sum(axis=1, keepdims=True)


@wrong("the slope of a sigmoid in the hidden layer", says="dW1", keeps=("test_two_layer_backward",))
def two_layer_backward(X, Y, W1, b1, W2, b2):
    m = X.shape[1]
    A1 = np.tanh(W1 @ X + b1)
    dZ2 = nn.sigmoid(W2 @ A1 + b2) - Y
    dZ1 = (W2.T @ dZ2) * A1 * (1 - A1)
    dW1, db1 = dZ1 @ X.T / m, dZ1.sum(axis=1, keepdims=True) / m
    return dW1, db1, dZ2 @ A1.T / m, dZ2.sum(axis=1, keepdims=True) / m


@wrong("mended, and a minus sign broken on the way", says="sign is turned")
def two_layer_backward(X, Y, W1, b1, W2, b2):
    m = X.shape[1]
    A1 = np.tanh(W1 @ X + b1)
    dZ2 = Y - nn.sigmoid(W2 @ A1 + b2)
    dZ1 = (W2.T @ dZ2) * (1 - A1**2)
    dW1, db1 = dZ1 @ X.T / m, dZ1.sum(axis=1, keepdims=True) / m
    return dW1, db1, dZ2 @ A1.T / m, dZ2.sum(axis=1, keepdims=True) / m


@equivalent(
    "two_layer_backward",
    "dZ1 = W2.T @ dZ2 * (1 - A1 ** 2) → dZ1 = W2.T * dZ2 * (1 - A1 ** 2)",
    because="with one output a column times a row has the same entries either way",
)
def layers(rng):
    shapes = ((3, 5), (4, 3), (4, 1), (1, 4), (1, 1))
    X, W1, b1, W2, b2 = (rng.normal(size=shape) for shape in shapes)
    return X, rng.integers(0, 2, size=(1, 5)), W1, b1, W2, b2


@right("sum, proportions, shift and extremes, one after the other")
def check_softmax(candidate):
    Z = np.array([[0.3, -2.0], [1.7, 0.5], [-1.1, 2.2]])
    P = candidate(Z)
    assert P.shape == Z.shape
    assert (P >= 0).all()
    assert np.allclose(P.sum(axis=0), 1, atol=1e-5)
    assert np.allclose(P / P[:1], np.exp(Z - Z[:1]), rtol=1e-4)
    for shift in (1000.0, -1000.0):
        assert np.allclose(candidate(Z + np.array([[shift, 0.0]])), P, atol=1e-4)
    extreme = candidate(np.array([[1000.0, -1000.0], [0.0, 1000.0], [-1000.0, 0.0]]))
    assert np.allclose(extreme, [[1, 0], [0, 1], [0, 0]], atol=1e-6)


@right("numpy's own assertion, and an own softmax to compare with")
def check_softmax(candidate):
    rng = np.random.default_rng(0)
    for scale in (1, 300):
        Z = scale * rng.normal(size=(5, 8)) + rng.choice([-900, 0, 900], size=8)
        E = np.exp(Z - Z.max(axis=0, keepdims=True))
        P = np.asarray(candidate(Z), dtype=float)
        np.testing.assert_allclose(P, E / E.sum(axis=0), rtol=1e-3, atol=1e-6)


@wrong("accepts everything", says="your tests let it pass")
def check_softmax(candidate):
    candidate(np.zeros((3, 2)))


@wrong("refuses everything", says="your tests refuse it")
def check_softmax(candidate):
    raise AssertionError("wrong")


@wrong(
    "only that the columns add up to 1",
    says="with 2 in place of e",
    keeps=(),
)
def check_softmax(candidate):
    P = candidate(np.array([[1.0, 2.0], [3.0, -1.0], [0.5, 1000.0]]))
    assert np.allclose(P.sum(axis=0), 1)


@wrong(
    "gentle scores only",
    says="shifts nothing",
    keeps=("test_check_softmax", "test_check_softmax_2"),
)
def check_softmax(candidate):
    counts = np.array([[1.0, 2.0], [3.0, 7.0], [4.0, 4.0]])
    assert np.allclose(candidate(np.log(counts)), counts / counts.sum(axis=0))


@wrong(
    "one column only",
    says="of all columns",
    keeps=("test_check_softmax_2",),
)
def check_softmax(candidate):
    counts = np.array([[1.0], [2.0], [5.0]])
    for shift in (0, 1000, -1000):
        assert np.allclose(candidate(np.log(counts) + shift), counts / 8)


@wrong("exact equality, to the last digit", says="your tests refuse it")
def check_softmax(candidate):
    Z = np.array([[1.0, -2.0, 1000.0], [0.3, 0.1, 999.0]])
    E = np.exp(Z - Z.max(axis=0))
    assert (candidate(Z) == E / E.sum(axis=0)).all()


@wrong("demands twelve digits, which float32 does not have", says="with float32 results", keeps=())
def check_softmax(candidate):
    Z = np.array([[1.0, -2.0, 1000.0], [0.3, 0.1, 1.0]])
    E = np.exp(Z - Z.max(axis=0))
    assert np.abs(candidate(Z) - E / E.sum(axis=0)).max() < 1e-12


@wrong("calls the library's softmax for comparison", says="write this one yourself")
def check_softmax(candidate):
    Z = np.array([[1.0, -2.0, 1000.0], [0.3, 0.1, 1.0]])
    assert np.allclose(candidate(Z), nn.softmax(Z))


@wrong("returns False instead of raising", says="your tests let it pass")
def check_softmax(candidate):
    P = candidate(np.array([[1.0, 1000.0], [0.0, -5.0]]))
    return np.allclose(P, [[0.7310586, 1.0], [0.2689414, 0.0]])


CASES = (
    "cases = [(np.log(counts) - {} * np.arange(3), counts / counts.sum(axis=0)), "
    "({} * np.eye(3), np.eye(3))]"
)
CLOSE = "assert np.allclose({}), f'softmax of {{Z}}: expected {{expected}}, got {{P}}'"


@equivalent(
    "check_softmax",
    CASES.format("1000.0", "1000.0") + " → " + CASES.format("2000.0", "1000.0"),
    CASES.format("1000.0", "1000.0") + " → " + CASES.format("1000.0", "2000.0"),
    CLOSE.format("P, expected") + " → " + CLOSE.format("expected, P"),
    because="scores still farther out and the order of a comparison make as good a test",
)
def a_right_softmax(rng):
    return (nn.softmax,)
