"""Programs that students would hand in for lecture 06."""

import numpy as np

from autograder.equivalence import equivalent
from autograder.variants import right, wrong


@right("numpy's dot")
def collapse_linear_layers(W1, b1, W2, b2):
    return np.dot(W2, W1), np.dot(W2, b1) + b2


@right("the bias is what becomes of the input 0")
def collapse_linear_layers(W1, b1, W2, b2):
    x = np.zeros((W1.shape[1], 1))
    return np.matmul(W2, W1), W2 @ (W1 @ x + b1) + b2


@right("column by column, from the unit vectors")
def collapse_linear_layers(W1, b1, W2, b2):
    b = W2 @ b1 + b2
    return W2 @ (W1 @ np.eye(W1.shape[1]) + b1) + b2 - b, b


@wrong("adds the biases", says="W2 acts on b1", keeps=("test_collapse_linear_layers",))
def collapse_linear_layers(W1, b1, W2, b2):
    return W2 @ W1, np.sum(b1) + b2


@wrong(
    "forgets the second bias",
    says="only b2 is left",
    keeps=("test_collapse_linear_layers",),
)
def collapse_linear_layers(W1, b1, W2, b2):
    return W2 @ W1, W2 @ b1


@wrong(
    "forgets the first bias",
    says="W2 acts on b1",
    keeps=("test_collapse_linear_layers",),
)
def collapse_linear_layers(W1, b1, W2, b2):
    return W2 @ W1, b2 * 1.0


@wrong(
    "multiplies entry by entry where that is possible",
    says="turns first",
    keeps=("test_collapse_linear_layers_2",),
)
def collapse_linear_layers(W1, b1, W2, b2):
    if W1.shape == W2.shape:
        return W1 * W2, W2 @ b1 + b2
    return W2 @ W1, W2 @ b1 + b2


@wrong("rounds to two decimals", says="round")
def collapse_linear_layers(W1, b1, W2, b2):
    return np.round(W2 @ W1, 2), np.round(W2 @ b1 + b2, 2)


@wrong("multiplies in the wrong order", says="mismatch")
def collapse_linear_layers(W1, b1, W2, b2):
    return W1 @ W2, W2 @ b1 + b2


@wrong("bias first, weights second", says="shape (2, 1)")
def collapse_linear_layers(W1, b1, W2, b2):
    return W2 @ b1 + b2, W2 @ W1


@right("twice the sigmoid, minus 1")
def tanh(z):
    return 2 * nn.sigmoid(2 * np.asarray(z)) - 1


@right("for |z|, with the sign put back")
def tanh(z):
    e = np.exp(-2 * np.abs(z))
    return np.copysign((1 - e) / (1 + e), z)


@right("clips the score where nothing changes any more")
def tanh(z):
    z = np.clip(np.asarray(z, dtype=float), -30, 30)
    return (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))


@right("through expm1")
def tanh(z):
    e = np.expm1(-2 * np.abs(z))
    return np.sign(z) * (-e) / (2 + e)


@wrong("the quotient as it stands", says="overflow", keeps=("test_tanh", "test_tanh_2"))
def tanh(z):
    return (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))


@wrong("sinh by cosh", says="overflow", keeps=("test_tanh", "test_tanh_2"))
def tanh(z):
    return np.sinh(z) / np.cosh(z)


@wrong("numpy's own", says="not for use here")
def tanh(z):
    return np.tanh(z)


@wrong("forgets the factor inside the sigmoid", says="half of `z`")
def tanh(z):
    return 2 * nn.sigmoid(z) - 1


@wrong("the signs of the exponentials exchanged", says="sign")
def tanh(z):
    e = np.exp(-2 * np.abs(z))
    return -np.sign(z) * (1 - e) / (1 + e)


@wrong("the sigmoid", says="`sigmoid`")
def tanh(z):
    return nn.sigmoid(z)


@wrong("flat from 4 on", says="tanh of scores", keeps=("test_tanh_3",))
def tanh(z):
    z = np.asarray(z, dtype=float)
    e = np.exp(-2 * np.abs(z))
    return np.sign(z) * np.where(np.abs(z) > 4, 1, (1 - e) / (1 + e))


@wrong("forgets that tanh is odd", says="lost their sign")
def tanh(z):
    e = np.exp(-2 * np.abs(z))
    return (1 - e) / (1 + e)


@right("through the sigmoid's slope")
def tanh_derivative(z):
    return 4 * nn.sigmoid_derivative(2 * np.asarray(z))


@right("as a product")
def tanh_derivative(z):
    a = tanh(z)
    return (1 - a) * (1 + a)


@right("one over cosh squared, with an exponential that cannot overflow")
def tanh_derivative(z):
    e = np.exp(-2 * np.abs(z))
    return 4 * e / (1 + e) ** 2


@wrong("takes z for the activation", says="z is the score")
def tanh_derivative(z):
    return 1 - np.asarray(z) ** 2


@wrong("the square alone", says="1 −")
def tanh_derivative(z):
    return tanh(z) ** 2


@wrong("the sigmoid's slope", says="`sigmoid_derivative`")
def tanh_derivative(z):
    return nn.sigmoid_derivative(z)


@wrong("turns the sign", says="sign")
def tanh_derivative(z):
    return tanh(z) ** 2 - 1


@wrong("one over cosh squared", says="overflow", keeps=("test_tanh_derivative",))
def tanh_derivative(z):
    return 1 / np.cosh(z) ** 2


@wrong("one over cosh", says="square root")
def tanh_derivative(z):
    return np.sqrt(1 - tanh(z) ** 2)


@wrong("flat from 3.5 on", says="certain")
def tanh_derivative(z):
    return np.where(np.abs(z) > 3.5, 0.0, 1 - tanh(z) ** 2)


@right("a negative power")
def arctan_derivative(z):
    return (1.0 + np.square(z)) ** -1.0


@right("numpy's reciprocal")
def arctan_derivative(z):
    return np.reciprocal(1.0 + np.asarray(z, float) * z)


@wrong("the function itself", says="`arctan`")
def arctan_derivative(z):
    return np.arctan(z)


@wrong("upside down", says="one over")
def arctan_derivative(z):
    return 1 + np.asarray(z) ** 2


@wrong("the slope of arcsin's denominator", says="square root")
def arctan_derivative(z):
    return 1 / np.sqrt(1 + np.asarray(z) ** 2)


@wrong("turns the sign", says="sign")
def arctan_derivative(z):
    return -1 / (1 + np.asarray(z) ** 2)


@wrong("rounds to three decimals", says="round")
def arctan_derivative(z):
    return np.round(1 / (1 + np.asarray(z) ** 2), 3)


@right("caches and indices")
def gradient_norms(Ws, X, f, f_derivative):
    As, Zs = [X], []
    for W in Ws:
        Zs.append(np.dot(W, As[-1]))
        As.append(f(Zs[-1]))
    norms, dA = [0.0] * len(Ws), np.ones_like(As[-1])
    for i in reversed(range(len(Ws))):
        dZ = dA * f_derivative(Zs[i])
        norms[i] = np.sqrt(np.sum(dZ**2))
        dA = np.dot(Ws[i].T, dZ)
    return norms


@right("by recursion over the layers")
def gradient_norms(Ws, X, f, f_derivative):
    def back(i, A):
        if i == len(Ws):
            return np.ones(A.shape), []
        Z = Ws[i] @ A
        dA, norms = back(i + 1, f(Z))
        dZ = dA * f_derivative(Z)
        return Ws[i].T @ dZ, [np.linalg.norm(dZ), *norms]

    return back(0, X)[1]


@wrong("last layer first", says="reverse order")
def gradient_norms(Ws, X, f, f_derivative):
    A, Zs = X, []
    for W in Ws:
        Zs.append(W @ A)
        A = f(Zs[-1])
    dA, norms = np.ones(A.shape), []
    for W, Z in zip(Ws[::-1], Zs[::-1]):
        dZ = dA * f_derivative(Z)
        norms.append(np.linalg.norm(dZ))
        dA = W.T @ dZ
    return norms


@wrong("the squares of the norms", says="square root is missing")
def gradient_norms(Ws, X, f, f_derivative):
    A, Zs = X, []
    for W in Ws:
        Zs.append(W @ A)
        A = f(Zs[-1])
    dA, norms = np.ones(A.shape), []
    for W, Z in zip(Ws[::-1], Zs[::-1]):
        dZ = dA * f_derivative(Z)
        norms.append(np.sum(dZ**2))
        dA = W.T @ dZ
    return norms[::-1]


@wrong("the mean for the sum as loss", says="divided by m")
def gradient_norms(Ws, X, f, f_derivative):
    A, Zs = X, []
    for W in Ws:
        Zs.append(W @ A)
        A = f(Zs[-1])
    dA, norms = np.ones(A.shape) / A.shape[1], []
    for W, Z in zip(Ws[::-1], Zs[::-1]):
        dZ = dA * f_derivative(Z)
        norms.append(np.linalg.norm(dZ))
        dA = W.T @ dZ
    return norms[::-1]


@wrong("leaves out the first layer", says="the first one is missing")
def gradient_norms(Ws, X, f, f_derivative):
    A, Zs = X, []
    for W in Ws:
        Zs.append(W @ A)
        A = f(Zs[-1])
    dA, norms = np.ones(A.shape), []
    for W, Z in zip(Ws[:0:-1], Zs[:0:-1]):
        dZ = dA * f_derivative(Z)
        norms.append(np.linalg.norm(dZ))
        dA = W.T @ dZ
    return norms[::-1]


@wrong("the slope at the activation, not at the score", says="slope is taken at Z")
def gradient_norms(Ws, X, f, f_derivative):
    A, As = X, []
    for W in Ws:
        A = f(W @ A)
        As.append(A)
    dA, norms = np.ones(A.shape), []
    for W, A in zip(Ws[::-1], As[::-1]):
        dZ = dA * f_derivative(A)
        norms.append(np.linalg.norm(dZ))
        dA = W.T @ dZ
    return norms[::-1]


@wrong("starts from the activations instead of ones", says="starts from ones")
def gradient_norms(Ws, X, f, f_derivative):
    A, Zs = X, []
    for W in Ws:
        Zs.append(W @ A)
        A = f(Zs[-1])
    dA, norms = A, []
    for W, Z in zip(Ws[::-1], Zs[::-1]):
        dZ = dA * f_derivative(Z)
        norms.append(np.linalg.norm(dZ))
        dA = W.T @ dZ
    return norms[::-1]


@wrong("the largest singular value for the norm", says="2-3-1", keeps=("test_gradient_norms",))
def gradient_norms(Ws, X, f, f_derivative):
    A, Zs = X, []
    for W in Ws:
        Zs.append(W @ A)
        A = f(Zs[-1])
    dA, norms = np.ones(A.shape), []
    for W, Z in zip(Ws[::-1], Zs[::-1]):
        dZ = dA * f_derivative(Z)
        norms.append(np.linalg.norm(dZ, 2))
        dA = W.T @ dZ
    return norms[::-1]


@wrong("at most four layers", says="4")
def gradient_norms(Ws, X, f, f_derivative):
    A, Zs = X, []
    for W in Ws:
        Zs.append(W @ A)
        A = f(Zs[-1])
    dA, norms = np.ones(A.shape), []
    for W, Z in list(zip(Ws[::-1], Zs[::-1]))[:4]:
        dZ = dA * f_derivative(Z)
        norms.append(np.linalg.norm(dZ))
        dA = W.T @ dZ
    return norms[::-1]


@wrong("does not transpose", says="mismatch", keeps=("test_gradient_norms",))
def gradient_norms(Ws, X, f, f_derivative):
    A, Zs = X, []
    for W in Ws:
        Zs.append(W @ A)
        A = f(Zs[-1])
    dA, norms = np.ones(A.shape), []
    for W, Z in zip(Ws[::-1], Zs[::-1]):
        dZ = dA * f_derivative(Z)
        norms.append(np.linalg.norm(dZ))
        dA = W @ dZ
    return norms[::-1]


@wrong(
    "sample by sample",
    says="goes through the samples",
    keeps=("test_gradient_norms",),
)
def gradient_norms(Ws, X, f, f_derivative):
    squares = np.zeros(len(Ws))
    for i in range(X.shape[1]):
        A, Zs = X[:, [i]], []
        for W in Ws:
            Zs.append(W @ A)
            A = f(Zs[-1])
        dA = np.ones(A.shape)
        for k in reversed(range(len(Ws))):
            dZ = dA * f_derivative(Zs[k])
            squares[k] += np.sum(dZ**2)
            dA = Ws[k].T @ dZ
    return list(np.sqrt(squares))


@right("all entries in one vector")
def clip_by_global_norm(gradients, max_norm):
    norm = np.linalg.norm(np.concatenate([np.ravel(g) for g in gradients]))
    return [g * min(1.0, max_norm / norm) if norm > 0 else g * 1.0 for g in gradients]


@right("copies, then in place")
def clip_by_global_norm(gradients, max_norm):
    clipped = [np.array(g, dtype=float) for g in gradients]
    norm = sum(np.linalg.norm(g) ** 2 for g in clipped) ** 0.5
    if norm > max_norm:
        for g in clipped:
            g *= max_norm / norm
    return clipped


@wrong("each array by its own norm", says="divided by 4")
def clip_by_global_norm(gradients, max_norm):
    return [g * min(1, max_norm / max(np.linalg.norm(g), 1e-12)) for g in gradients]


@wrong("entry by entry", says="divided by 4")
def clip_by_global_norm(gradients, max_norm):
    return [np.clip(g, -max_norm, max_norm) for g in gradients]


@wrong("stretches short gradients as well", says="nothing changes")
def clip_by_global_norm(gradients, max_norm):
    norm = np.sqrt(sum(np.sum(g**2) for g in gradients))
    return [g * max_norm / max(norm, 1e-12) for g in gradients]


@wrong("forgets the root", says="divided by 4")
def clip_by_global_norm(gradients, max_norm):
    norm = sum(np.sum(g**2) for g in gradients)
    return [g * max_norm / norm if norm > max_norm**2 else g * 1.0 for g in gradients]


@wrong("in place", says="changed its argument")
def clip_by_global_norm(gradients, max_norm):
    norm = np.sqrt(sum(np.sum(g**2) for g in gradients))
    if norm > max_norm:
        for g in gradients:
            g *= max_norm / norm
    return gradients


@wrong("divides 0 by 0", says="nan")
def clip_by_global_norm(gradients, max_norm):
    norm = np.sqrt(sum(np.sum(g**2) for g in gradients))
    return [g * min(norm, max_norm) / norm for g in gradients]


@wrong("writes into arrays of whole numbers", says="whole numbers")
def clip_by_global_norm(gradients, max_norm):
    clipped = [g.copy() for g in gradients]
    norm = np.sqrt(sum(np.sum(g**2) for g in gradients))
    if norm > max_norm:
        for g in clipped:
            g[...] = g * (max_norm / norm)
    return clipped


@wrong("the largest norm for the norm of all", says="divided by 4")
def clip_by_global_norm(gradients, max_norm):
    norm = max(np.linalg.norm(g) for g in gradients)
    return [g * (max_norm / norm if norm > max_norm else 1.0) for g in gradients]


@right("where")
def relu(z):
    return np.where(np.asarray(z) > 0, z, 0)


@right("as a product with the gate")
def relu(z):
    return z * (np.asarray(z) > 0)


@right("the mean of z and |z|")
def relu(z):
    return 0.5 * (np.asarray(z) + np.abs(z))


@wrong("returns 1 for positive input", says="`relu_derivative`")
def relu(z):
    return np.where(np.asarray(z) > 0, 1.0, 0.0)


@wrong("the absolute value", says="input is negative")
def relu(z):
    return np.abs(z)


@wrong("hands everything through", says="unchanged")
def relu(z):
    return np.asarray(z) * 1.0


@wrong("the largest along an axis, not of two", says="shape (5,)")
def relu(z):
    return np.max(z, 0)


@wrong("writes into its argument", says="changed its argument")
def relu(z):
    z = np.asarray(z)
    z[z < 0] = 0
    return z


@wrong("minus sign for the mirror image", says="sign")
def relu(z):
    return -np.maximum(z, 0)


@wrong("saturates at 3", says="cut off")
def relu(z):
    return np.minimum(np.maximum(z, 0), 3)


@wrong("saturates at 100", says="far from 0")
def relu(z):
    return np.minimum(np.maximum(z, 0), 100)


@right("a comparison made a number")
def relu_derivative(z):
    return (np.asarray(z) > 0).astype(float)


@right("numpy's step with 0 in the middle")
def relu_derivative(z):
    return np.heaviside(np.asarray(z, float), 0.0)


@right("fills an array of floats")
def relu_derivative(z):
    z = np.asarray(z)
    slope = np.zeros(z.shape)
    slope[z > 0] = 1
    return slope


@wrong("1 at 0", says="at 0 only")
def relu_derivative(z):
    return np.where(np.asarray(z) >= 0, 1.0, 0.0)


@wrong("one half at 0", says="at 0 only")
def relu_derivative(z):
    return np.heaviside(np.asarray(z, float), 0.5)


@wrong("True and False", says="True")
def relu_derivative(z):
    return np.asarray(z) > 0


@wrong("1 for negative input", says="exchanged")
def relu_derivative(z):
    return np.where(np.asarray(z) > 0, 0.0, 1.0)


@wrong("divides by z, also by 0", says="got nan")
def relu_derivative(z):
    z = np.asarray(z, float)
    return np.maximum(z, 0) / z


@wrong("a smooth step", says="very near 0")
def relu_derivative(z):
    return np.clip(np.asarray(z, float) * 1e6, 0, 1)


@right("no sample is positive")
def dead_fraction(Z):
    return float(np.mean(~np.any(Z > 0, axis=1)))


@right("counts and divides")
def dead_fraction(Z):
    alive = np.count_nonzero((Z > 0).sum(axis=1))
    return 1 - alive / Z.shape[0]


@right("through relu")
def dead_fraction(Z):
    return np.sum(np.sum(relu(Z), axis=1) == 0) / len(Z)


@wrong("looks along the other axis", says="other axis")
def dead_fraction(Z):
    return np.mean(np.max(Z, axis=0) <= 0)


@wrong("the fraction that is alive", says="1 −")
def dead_fraction(Z):
    return np.mean(np.max(Z, axis=1) > 0)


@wrong("counts without dividing", says="fraction")
def dead_fraction(Z):
    return np.sum(np.max(Z, axis=1) <= 0)


@wrong("0 counts as positive", says="0 is not positive")
def dead_fraction(Z):
    return np.mean(np.max(Z, axis=1) < 0)


@wrong("the fraction of entries that are not positive", says="dead units, two of seven")
def dead_fraction(Z):
    return np.mean(Z <= 0)


@wrong("a unit that is off for most samples is called dead", says="on for one sample")
def dead_fraction(Z):
    return np.mean(np.mean(Z > 0, axis=1) <= 0.3)


@wrong("what is small is called dead", says="only just on")
def dead_fraction(Z):
    return np.mean(np.max(Z, axis=1) <= 1e-6)


@wrong("the mean for the maximum", says="on for one sample")
def dead_fraction(Z):
    return np.mean(np.mean(Z, axis=1) <= 0)


@right("the larger of two")
def leaky_relu(z, alpha=0.01):
    return np.maximum(z, alpha * np.asarray(z))


@right("where")
def leaky_relu(z, alpha=0.01):
    return np.where(np.asarray(z) > 0, z, alpha * np.asarray(z))


@right("two ReLUs")
def leaky_relu(z, alpha=0.01):
    return relu(z) - alpha * relu(-np.asarray(z))


@right("z times its own slope")
def leaky_relu(z, alpha=0.01):
    return z * leaky_relu_derivative(z, alpha)


@wrong("does not look at alpha", says="is it used?")
def leaky_relu(z, alpha=0.01):
    return np.maximum(z, 0.01 * np.asarray(z))


@wrong("plain ReLU", says="alpha")
def leaky_relu(z, alpha=0.01):
    return np.maximum(z, 0)


@wrong("alpha on both sides", says="input is positive")
def leaky_relu(z, alpha=0.01):
    return alpha * np.asarray(z)


@wrong("takes alpha = 0 for no alpha", says="is it used?")
def leaky_relu(z, alpha=0.01):
    alpha = alpha or 0.01
    return np.maximum(z, alpha * np.asarray(z))


@wrong("alpha itself for negative input", says="negative or 0")
def leaky_relu(z, alpha=0.01):
    return np.where(np.asarray(z) > 0, z, alpha)


@wrong("the leak goes up", says="lost their sign")
def leaky_relu(z, alpha=0.01):
    return np.where(np.asarray(z) > 0, z, alpha * np.abs(z))


@wrong("the derivative", says="`leaky_relu_derivative`")
def leaky_relu(z, alpha=0.01):
    return np.where(np.asarray(z) > 0, 1.0, alpha)


@wrong("writes into an array of whole numbers", says="whole numbers")
def leaky_relu(z, alpha=0.01):
    a = np.array(z)
    a[a < 0] = alpha * a[a < 0]
    return a


@wrong("another slope if nobody says otherwise", says="alpha as usual")
def leaky_relu(z, alpha=0.1):
    return np.maximum(z, alpha * np.asarray(z))


@right("the gate and the leak")
def leaky_relu_derivative(z, alpha=0.01):
    gate = relu_derivative(z)
    return gate + alpha * (1 - gate)


@right("fills an array")
def leaky_relu_derivative(z, alpha=0.01):
    z = np.asarray(z)
    slope = np.full(z.shape, float(alpha))
    slope[z > 0] = 1.0
    return slope


@wrong("1 at 0", says="at 0 only")
def leaky_relu_derivative(z, alpha=0.01):
    return np.where(np.asarray(z) >= 0, 1.0, alpha)


@wrong("does not look at alpha", says="is it used?")
def leaky_relu_derivative(z, alpha=0.01):
    return np.where(np.asarray(z) > 0, 1.0, 0.01)


@wrong("the slope of ReLU", says="0.2 on the left")
def leaky_relu_derivative(z, alpha=0.01):
    return np.where(np.asarray(z) > 0, 1.0, 0.0)


@wrong("the function itself", says="0.2 on the left")
def leaky_relu_derivative(z, alpha=0.01):
    return np.maximum(z, alpha * np.asarray(z))


@wrong("turns the sign of the leak", says="some are negative")
def leaky_relu_derivative(z, alpha=0.01):
    return np.where(np.asarray(z) > 0, 1.0, -alpha)


@wrong("takes alpha = 0 for no alpha", says="alpha 0")
def leaky_relu_derivative(z, alpha=0.01):
    return np.where(np.asarray(z) > 0, 1.0, alpha or 0.01)


@right("with the leaky ReLU's slope")
def prelu_gradients(dA, Z, alpha):
    return dA * leaky_relu_derivative(Z, alpha), np.sum(dA * (Z < 0) * Z)


@right("by mask, a 1 by 1 array")
def prelu_gradients(dA, Z, alpha):
    off = Z <= 0
    dZ = np.array(dA, float)
    dZ[off] *= alpha
    return dZ, np.array([[np.dot(dA[off], Z[off])]])


@wrong("does not sum over the entries", says="sum over the 5", keeps=("test_prelu_gradients",))
def prelu_gradients(dA, Z, alpha):
    return dA * np.where(Z > 0, 1.0, alpha), dA * np.minimum(Z, 0)


@wrong("positive z take part", says="dalpha", keeps=("test_prelu_gradients",))
def prelu_gradients(dA, Z, alpha):
    return dA * np.where(Z > 0, 1.0, alpha), np.sum(dA * Z)


@wrong("the mean for the sum", says="divided by m", keeps=("test_prelu_gradients",))
def prelu_gradients(dA, Z, alpha):
    return dA * np.where(Z > 0, 1.0, alpha), np.mean(dA * np.minimum(Z, 0))


@wrong("alpha comes in once too often", says="once too often", keeps=("test_prelu_gradients",))
def prelu_gradients(dA, Z, alpha):
    return dA * np.where(Z > 0, 1.0, alpha), alpha * np.sum(dA * np.minimum(Z, 0))


@wrong("the slope 1 at 0", says="dZ", keeps=("test_prelu_gradients_2",))
def prelu_gradients(dA, Z, alpha):
    return dA * np.where(Z >= 0, 1.0, alpha), np.sum(dA * np.minimum(Z, 0))


@wrong("dZ without alpha", says="alpha", keeps=("test_prelu_gradients_2",))
def prelu_gradients(dA, Z, alpha):
    return dA * np.where(Z > 0, 1.0, 0.0), np.sum(dA * np.minimum(Z, 0))


@wrong("the first unit alone", says="dalpha of entries", keeps=("test_prelu_gradients",))
def prelu_gradients(dA, Z, alpha):
    return dA * np.where(Z > 0, 1.0, alpha), np.sum((dA * np.minimum(Z, 0))[0])


@wrong("the slope without dA", says="dA times the slope", keeps=("test_prelu_gradients_2",))
def prelu_gradients(dA, Z, alpha):
    return np.where(Z > 0, 1.0, alpha), np.sum(dA * np.minimum(Z, 0))


@right("where, with a bounded exponent")
def elu(z, alpha=1.0):
    z = np.asarray(z)
    return np.where(z > 0, z, alpha * (np.exp(np.minimum(z, 0)) - 1))


@right("fills the two halves by mask")
def elu(z, alpha=1.0):
    a = np.array(z, dtype=float)
    off = a <= 0
    a[off] = alpha * np.expm1(a[off])
    return a


@wrong("the notes' sign in the exponent", says="input is negative")
def elu(z, alpha=1.0):
    z = np.asarray(z)
    return np.maximum(z, 0) + alpha * np.expm1(np.clip(-z, 0, 700))


@wrong("does not look at alpha", says="is it used?")
def elu(z, alpha=1.0):
    return np.maximum(z, 0) + np.expm1(np.minimum(z, 0))


@wrong("forgets to take away 1", says="negative or 0")
def elu(z, alpha=1.0):
    z = np.asarray(z)
    return np.where(z > 0, z, alpha * np.exp(np.minimum(z, 0)))


@wrong("chooses after both sides were computed", says="overflow")
def elu(z, alpha=1.0):
    z = np.asarray(z)
    return np.where(z > 0, z, alpha * (np.exp(z) - 1))


@wrong("the derivative", says="`elu_derivative`")
def elu(z, alpha=1.0):
    z = np.asarray(z)
    return np.where(z > 0, 1.0, alpha * np.exp(np.minimum(z, 0)))


@wrong("rounds to three decimals", says="round")
def elu(z, alpha=1.0):
    return np.round(np.maximum(z, 0) + alpha * np.expm1(np.minimum(z, 0)), 3)


@wrong("alpha scales the right side as well", says="input is positive")
def elu(z, alpha=1.0):
    return alpha * (np.maximum(z, 0) + np.expm1(np.minimum(z, 0)))


@right("the value plus alpha on the left")
def elu_derivative(z, alpha=1.0):
    z = np.asarray(z)
    return np.where(z > 0, 1.0, elu(np.minimum(z, 0), alpha) + alpha)


@right("fills an array")
def elu_derivative(z, alpha=1.0):
    z = np.asarray(z, dtype=float)
    slope = np.ones(z.shape)
    slope[z <= 0] = alpha * np.exp(z[z <= 0])
    return slope


@wrong("1 at 0", says="at 0 only")
def elu_derivative(z, alpha=1.0):
    z = np.asarray(z)
    return np.where(z >= 0, 1.0, alpha * np.exp(np.minimum(z, 0)))


@wrong("does not look at alpha", says="is it used?")
def elu_derivative(z, alpha=1.0):
    return np.exp(np.minimum(z, 0))


@wrong("the function itself", says="`elu`")
def elu_derivative(z, alpha=1.0):
    return np.maximum(z, 0) + alpha * np.expm1(np.minimum(z, 0))


@wrong("chooses after both sides were computed", says="overflow")
def elu_derivative(z, alpha=1.0):
    z = np.asarray(z)
    return np.where(z > 0, 1.0, alpha * np.exp(z))


@wrong("rounds to three decimals", says="round")
def elu_derivative(z, alpha=1.0):
    return np.round(np.where(np.asarray(z) > 0, 1.0, alpha * np.exp(np.minimum(z, 0))), 3)


@wrong("alpha on both sides", says="slope with alpha = 3")
def elu_derivative(z, alpha=1.0):
    return alpha * np.exp(np.minimum(z, 0))


@right("numpy's logaddexp")
def softplus(z):
    return np.logaddexp(0, z)


@right("from 0 or from z, whichever is larger")
def softplus(z):
    z = np.asarray(z, dtype=float)
    small = np.log1p(np.exp(-np.abs(z)))
    return np.where(z > 0, z + small, small)


@wrong("the formula as it stands", says="overflow")
def softplus(z):
    return np.log(1 + np.exp(z))


@wrong("to base 10", says="base 10")
def softplus(z):
    return (np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))) / np.log(10)


@wrong("a minus sign in the exponent", says="sign of `z`")
def softplus(z):
    return np.logaddexp(0, -np.asarray(z))


@wrong("ReLU, which is sharp", says="`relu`")
def softplus(z):
    return np.maximum(z, 0)


@wrong("cut off at 30", says="cut off")
def softplus(z):
    return np.log1p(np.exp(np.minimum(z, 30)))


@wrong("a straight line from 5 on", says="from −12 to 12")
def softplus(z):
    z = np.asarray(z, dtype=float)
    return np.where(z > 5, z, np.log1p(np.exp(np.minimum(z, 5))))


@wrong("forgets the logarithm", says="logarithm is missing")
def softplus(z):
    return 1 + np.exp(np.minimum(z, 30))


@right("through tanh")
def softplus_derivative(z):
    return 0.5 * (1 + tanh(np.asarray(z) / 2))


@right("the odds, with a bounded exponent")
def softplus_derivative(z):
    return 1 / (1 + np.exp(np.minimum(-np.asarray(z), 700)))


@wrong("the second form everywhere", says="overflow")
def softplus_derivative(z):
    return np.exp(z) / (1 + np.exp(z))


@wrong("a minus sign lost", says="1 −")
def softplus_derivative(z):
    e = np.exp(-np.abs(z))
    return np.where(np.asarray(z) >= 0, e, 1) / (1 + e)


@wrong("the function itself", says="`softplus`")
def softplus_derivative(z):
    return softplus(z)


@wrong("the sigmoid's slope", says="`sigmoid_derivative`")
def softplus_derivative(z):
    e = np.exp(-np.abs(z))
    return e / (1 + e) ** 2


@wrong("rounds to three decimals", says="round")
def softplus_derivative(z):
    return np.round(0.5 * (1 + tanh(np.asarray(z) / 2)), 3)


@wrong("the library's answer under another name", says="write this one yourself")
def softplus_derivative(z):
    return nn.sigmoid(z)


@right("column by column of the formula")
def softmax_jacobian(z):
    a = nn.softmax(np.asarray(z, float)).reshape(-1, 1)
    return a * (np.eye(len(a)) - a.T)


@right("with its own stable softmax, by two loops over the classes")
def softmax_jacobian(z):
    e = np.exp(z - np.max(z))
    a = e / e.sum()
    J = np.empty((len(z), len(z)))
    for i in range(len(z)):
        for j in range(len(z)):
            J[i, j] = a[i] * ((i == j) - a[j])
    return J


@wrong("the diagonal only", says="off the diagonal")
def softmax_jacobian(z):
    a = nn.softmax(z)
    return np.diag(a * (1 - a))


@wrong("a flat array of slopes", says="shape (3,)")
def softmax_jacobian(z):
    a = nn.softmax(z)
    return a * (1 - a)


@wrong("turns the sign", says="sign")
def softmax_jacobian(z):
    a = nn.softmax(z)
    return np.outer(a, a) - np.diag(a)


@wrong("takes z for the probabilities", says="on the diagonal")
def softmax_jacobian(z):
    return np.diag(z) - np.outer(z, z)


@wrong("forgets to square on the diagonal", says="on the diagonal")
def softmax_jacobian(z):
    a = nn.softmax(z)
    J = -np.outer(a, a)
    np.fill_diagonal(J, a)
    return J


@wrong(
    "a softmax of its own that overflows",
    says="overflow",
    keeps=("test_softmax_jacobian",),
)
def softmax_jacobian(z):
    a = np.exp(z) / np.sum(np.exp(z))
    return np.diag(a) - np.outer(a, a)


@wrong("at most three classes", says="shape (3, 3)")
def softmax_jacobian(z):
    a = nn.softmax(z[:3])
    return np.diag(a) - np.outer(a, a)


@right("einsum for the weighted mean")
def softmax_backward(dA, Z):
    A = nn.softmax(Z)
    return A * (dA - np.einsum("cm,cm->m", A, dA))


@right("all Jacobians at once")
def softmax_backward(dA, Z):
    A = nn.softmax(Z)
    J = np.eye(len(A))[:, :, np.newaxis] * A - A[:, np.newaxis] * A[np.newaxis]
    return np.einsum("ijm,im->jm", J, dA)


@right("with its own stable softmax")
def softmax_backward(dA, Z):
    e = np.exp(Z - np.max(Z, axis=0, keepdims=True))
    A = e / np.sum(e, axis=0, keepdims=True)
    return A * dA - A * np.sum(A * dA, axis=0, keepdims=True)


@wrong("forgets the weighted mean", says="all of a column's dA are equal")
def softmax_backward(dA, Z):
    return nn.softmax(Z) * dA


@wrong("the sigmoid's rule", says="all of a column's dA are equal")
def softmax_backward(dA, Z):
    A = nn.softmax(Z)
    return dA * A * (1 - A)


@wrong("a plain mean for the weighted one", says="three classes, four samples")
def softmax_backward(dA, Z):
    A = nn.softmax(Z)
    return A * (dA - np.mean(dA, axis=0))


@wrong("turns the sign", says="sign")
def softmax_backward(dA, Z):
    A = nn.softmax(Z)
    return A * (np.sum(A * dA, axis=0) - dA)


@wrong("one sum for all samples", says="all of a column's dA are equal")
def softmax_backward(dA, Z):
    A = nn.softmax(Z)
    return A * (dA - np.sum(A * dA))


@wrong("the fused rule of cross-entropy", says="all of a column's dA are equal")
def softmax_backward(dA, Z):
    return nn.softmax(Z) - dA


@wrong(
    "a softmax of its own that overflows",
    says="overflow",
    keeps=("test_softmax_backward",),
)
def softmax_backward(dA, Z):
    A = np.exp(Z) / np.sum(np.exp(Z), axis=0)
    return A * (dA - np.sum(A * dA, axis=0))


@wrong("loses the axis of a single sample", says="an axis of length 1 is missing")
def softmax_backward(dA, Z):
    A = nn.softmax(Z)
    return np.squeeze(A * (dA - np.sum(A * dA, axis=0)))


@wrong(
    "a Jacobian for each sample",
    says="goes through the samples",
    keeps=("test_softmax_backward",),
)
def softmax_backward(dA, Z):
    dZ = np.zeros(Z.shape)
    for i in range(Z.shape[1]):
        dZ[:, i] = nn.softmax_jacobian(Z[:, i]).T @ dA[:, i]
    return dZ


@equivalent(
    "clip_by_global_norm",
    "return [g * max_norm / max(norm, max_norm) for g in gradients] → "
    "return [g * max_norm / max(max_norm, norm) for g in gradients]",
    because="the larger of two numbers, in either order",
)
def gradients(rng):
    return [rng.normal(size=(2, 3)), rng.normal(size=4)], rng.uniform(0.5, 5)
