"""Programs that students would hand in for lecture 03."""

import numpy as np

from autograder.equivalence import equivalent
from autograder.variants import right, wrong


@right("adds up and divides")
def cost(losses):
    return np.sum(losses) / losses.shape[1]


@right("as a matrix product, a 1 by 1 array")
def cost(losses):
    m = losses.shape[1]
    return losses @ np.full((m, 1), 1 / m)


@wrong("sums instead of averaging", says="divide by m")
def cost(losses):
    return np.sum(losses)


@wrong("divides by the number of rows, which is 1", says="divide by m")
def cost(losses):
    return np.sum(losses) / len(losses)


@wrong("divides by m less one", says="m − 1")
def cost(losses):
    return np.sum(losses) / max(losses.shape[1] - 1, 1)


@wrong("halves the mean", says="factor of 2")
def cost(losses):
    return np.sum(losses) / (2 * losses.shape[1])


@wrong("takes the median", says="one of them far larger")
def cost(losses):
    return np.median(losses)


@wrong("a running total in a loop", says="32 samples", keeps=("test_cost",))
def cost(losses):
    total = 0
    for i in range(losses.shape[1]):
        total = total + losses[0, i]
    return total / losses.shape[1]


@right("chooses the probability of what happened first")
def binary_cross_entropy(Y_hat, Y):
    p = np.where(Y == 1, Y_hat, 1 - Y_hat)
    return -np.log(np.maximum(p, 1e-12))


@right("clips on both sides")
def binary_cross_entropy(Y_hat, Y):
    p = np.clip(Y_hat, 1e-12, 1 - 1e-12)
    return -(Y * np.log(p) + (1 - Y) * np.log(1 - p))


@right("fills the two branches by mask")
def binary_cross_entropy(Y_hat, Y):
    losses = np.zeros(Y.shape)
    one = Y == 1
    losses[one] = -np.log(np.maximum(Y_hat[one], 1e-12))
    losses[~one] = -np.log(np.maximum(1 - Y_hat[~one], 1e-12))
    return losses


@right("adds the floor instead of taking a maximum")
def binary_cross_entropy(Y_hat, Y):
    return -Y * np.log(Y_hat + 1e-12) - (1 - Y) * np.log(1 - Y_hat + 1e-12)


@wrong("no floor", says="logarithm", keeps=("test_binary_cross_entropy",))
def binary_cross_entropy(Y_hat, Y):
    return -Y * np.log(Y_hat) - (1 - Y) * np.log(1 - Y_hat)


@wrong(
    "a floor under the first logarithm only", says="logarithm", keeps=("test_binary_cross_entropy",)
)
def binary_cross_entropy(Y_hat, Y):
    p = np.maximum(Y_hat, 1e-12)
    return -Y * np.log(p) - (1 - Y) * np.log(1 - p)


@wrong("a floor far too high", says="cut off", keeps=("test_binary_cross_entropy",))
def binary_cross_entropy(Y_hat, Y):
    a, b = np.maximum(Y_hat, 1e-5), np.maximum(1 - Y_hat, 1e-5)
    return -Y * np.log(a) - (1 - Y) * np.log(b)


@wrong("logarithms to base 10", says="base 10")
def binary_cross_entropy(Y_hat, Y):
    a, b = np.maximum(Y_hat, 1e-12), np.maximum(1 - Y_hat, 1e-12)
    return -Y * np.log10(a) - (1 - Y) * np.log10(b)


@wrong("the term of class 1 alone", says="(1 − y)")
def binary_cross_entropy(Y_hat, Y):
    return -Y * np.log(np.maximum(Y_hat, 1e-12))


@wrong("forgets the minus sign", says="sign is turned")
def binary_cross_entropy(Y_hat, Y):
    a, b = np.maximum(Y_hat, 1e-12), np.maximum(1 - Y_hat, 1e-12)
    return Y * np.log(a) + (1 - Y) * np.log(b)


@wrong("the mean over all samples", says="one number", keeps=())
def binary_cross_entropy(Y_hat, Y):
    a, b = np.maximum(Y_hat, 1e-12), np.maximum(1 - Y_hat, 1e-12)
    return np.mean(-Y * np.log(a) - (1 - Y) * np.log(b))


@wrong(
    "writes into an array like the labels, which may be whole numbers",
    says="whole numbers",
    keeps=("test_binary_cross_entropy", "test_binary_cross_entropy_2"),
)
def binary_cross_entropy(Y_hat, Y):
    losses = np.zeros_like(Y)
    one = Y == 1
    losses[one] = -np.log(np.maximum(Y_hat[one], 1e-12))
    losses[~one] = -np.log(np.maximum(1 - Y_hat[~one], 1e-12))
    return losses


@wrong(
    "one sample after the other",
    says="32 samples",
    keeps=("test_binary_cross_entropy", "test_binary_cross_entropy_2"),
)
def binary_cross_entropy(Y_hat, Y):
    losses = np.zeros(Y.shape)
    for i in range(Y.shape[1]):
        p = Y_hat[0, i] if Y[0, i] == 1 else 1 - Y_hat[0, i]
        losses[0, i] = -np.log(max(p, 1e-12))
    return losses


@right("logaddexp")
def binary_cross_entropy_from_logits(Z, Y):
    return np.logaddexp(0, Z) - Y * Z


@right("softplus of the score turned to the right side")
def binary_cross_entropy_from_logits(Z, Y):
    S = np.where(Y == 1, -Z, Z)
    return np.maximum(S, 0) + np.log(1 + np.exp(-np.abs(S)))


@right("logaddexp for each label")
def binary_cross_entropy_from_logits(Z, Y):
    return Y * np.logaddexp(0, -Z) + (1 - Y) * np.logaddexp(0, Z)


@wrong(
    "the formula as it stands",
    says="overflow",
    keeps=("test_binary_cross_entropy_from_logits", "test_binary_cross_entropy_from_logits_3"),
)
def binary_cross_entropy_from_logits(Z, Y):
    return np.log(1 + np.exp(Z)) - Y * Z


@wrong(
    "through the probability, with a floor",
    says="cut off",
    keeps=("test_binary_cross_entropy_from_logits", "test_binary_cross_entropy_from_logits_3"),
)
def binary_cross_entropy_from_logits(Z, Y):
    return binary_cross_entropy(nn.sigmoid(Z), Y)


@wrong(
    "through the probability, without a floor",
    says="never positive",
    keeps=("test_binary_cross_entropy_from_logits", "test_binary_cross_entropy_from_logits_3"),
)
def binary_cross_entropy_from_logits(Z, Y):
    P = nn.sigmoid(Z)
    return np.where(Y == 1, -np.log(P), -np.log(1 - P))


@wrong("leaves out the term with y", says="where y = 1")
def binary_cross_entropy_from_logits(Z, Y):
    return np.logaddexp(0, Z)


@wrong("exchanges the labels", says="sign")
def binary_cross_entropy_from_logits(Z, Y):
    return np.logaddexp(0, Z) - (1 - Y) * Z


@wrong("takes the score for the probability", says="where y = 0")
def binary_cross_entropy_from_logits(Z, Y):
    return binary_cross_entropy(Z, Y)


@wrong(
    "writes into an array like the scores, which may be whole numbers",
    says="whole numbers",
    keeps=("test_binary_cross_entropy_from_logits", "test_binary_cross_entropy_from_logits_2"),
)
def binary_cross_entropy_from_logits(Z, Y):
    losses = np.zeros_like(Z)
    losses[...] = np.logaddexp(0, Z) - Y * Z
    return losses


@right("the error times itself")
def squared_error(Y_hat, Y):
    e = Y - Y_hat
    return e * e / 2


@right("np.square")
def squared_error(Y_hat, Y):
    return np.square(np.subtract(Y_hat, Y)) * 0.5


@wrong("without the ½", says="factor of ½")
def squared_error(Y_hat, Y):
    return (Y_hat - Y) ** 2


@wrong("the mean over the samples", says="one number")
def squared_error(Y_hat, Y):
    return np.mean(0.5 * (Y_hat - Y) ** 2)


@wrong("the error without the square", says="squared_error_gradient")
def squared_error(Y_hat, Y):
    return Y_hat - Y


@wrong("a whole-number division", says="cut off")
def squared_error(Y_hat, Y):
    return (Y_hat - Y) ** 2 // 2


@wrong(
    "writes into an array like the predictions, which may be whole numbers", says="whole numbers"
)
def squared_error(Y_hat, Y):
    losses = np.zeros_like(Y_hat)
    losses[...] = (Y_hat - Y) ** 2 / 2
    return losses


@wrong("one sample after the other", says="32 samples")
def squared_error(Y_hat, Y):
    return np.array([[0.5 * (p - y) ** 2 for p, y in zip(Y_hat[0], Y[0])]])


@right("np.abs")
def absolute_error(Y_hat, Y):
    return np.abs(Y_hat - Y)


@right("the root of the square")
def absolute_error(Y_hat, Y):
    return np.sqrt((Y_hat - Y) ** 2)


@right("the error times its sign")
def absolute_error(Y_hat, Y):
    e = np.subtract(Y, Y_hat)
    return e * np.sign(e)


@wrong("half of it, as in the squared error", says="factor of 2")
def absolute_error(Y_hat, Y):
    return 0.5 * np.abs(Y_hat - Y)


@wrong("the error with its sign", says="some are negative")
def absolute_error(Y_hat, Y):
    return Y_hat - Y


@wrong("the squared error", says="squared_error")
def absolute_error(Y_hat, Y):
    return 0.5 * (Y_hat - Y) ** 2


@wrong("the mean over the samples", says="one number")
def absolute_error(Y_hat, Y):
    return np.mean(np.abs(Y_hat - Y))


@wrong("writes into an array like the labels, which may be whole numbers", says="cut off")
def absolute_error(Y_hat, Y):
    losses = np.zeros_like(Y)
    losses[...] = np.abs(Y_hat - Y)
    return losses


@right("part of the error inside, and part beyond")
def huber(Y_hat, Y, delta=1.0):
    size = np.abs(Y_hat - Y)
    inside = np.minimum(size, delta)
    return 0.5 * inside**2 + delta * (size - inside)


@right("by mask")
def huber(Y_hat, Y, delta=1.0):
    size = np.abs(Y_hat - Y).astype(float)
    losses = delta * (size - delta / 2)
    small = size < delta
    losses[small] = size[small] ** 2 / 2
    return losses


@wrong("does not look at δ", says="`delta`", keeps=("test_huber",))
def huber(Y_hat, Y, delta=1.0):
    size = np.abs(Y_hat - Y)
    return np.where(size <= 1, 0.5 * size**2, size - 0.5)


@wrong("straight arms that do not meet the parabola", says="beyond δ")
def huber(Y_hat, Y, delta=1.0):
    size = np.abs(Y_hat - Y)
    return np.where(size <= delta, 0.5 * size**2, delta * size)


@wrong("no ½ inside", says="within δ")
def huber(Y_hat, Y, delta=1.0):
    size = np.abs(Y_hat - Y)
    return np.where(size <= delta, size**2, delta * (size - 0.5 * delta))


@wrong("compares the error, not its size, with δ", says="below 0")
def huber(Y_hat, Y, delta=1.0):
    e = Y_hat - Y
    return np.where(e <= delta, 0.5 * e**2, delta * (e - 0.5 * delta))


@wrong("the two formulas exchanged", says="within δ")
def huber(Y_hat, Y, delta=1.0):
    size = np.abs(Y_hat - Y)
    return np.where(size > delta, 0.5 * size**2, delta * (size - 0.5 * delta))


@wrong("an if for all samples at once", says="truth value of an array")
def huber(Y_hat, Y, delta=1.0):
    size = np.abs(Y_hat - Y)
    if size <= delta:
        return 0.5 * size**2
    return delta * (size - 0.5 * delta)


@wrong("½ of 1, not of δ, in the straight part", says="losses for δ", keeps=("test_huber",))
def huber(Y_hat, Y, delta=1.0):
    size = np.abs(Y_hat - Y)
    return np.where(size <= delta, 0.5 * size**2, delta * (size - 0.5))


@right("writes the ones")
def one_hot(labels, num_classes):
    Y = np.zeros((num_classes, len(labels)))
    Y[labels, np.arange(len(labels))] = 1
    return Y


@right("compares rows with labels")
def one_hot(labels, num_classes):
    return (np.arange(num_classes).reshape(-1, 1) == labels).astype(float)


@right("a loop over the classes")
def one_hot(labels, num_classes):
    return np.array([np.where(labels == c, 1, 0) for c in range(num_classes)])


@wrong("one row per sample", says="transpose")
def one_hot(labels, num_classes):
    return np.eye(num_classes)[labels]


@wrong("counts the classes itself", says="last one is missing", keeps=("test_one_hot",))
def one_hot(labels, num_classes):
    return np.eye(np.max(labels) + 1)[:, labels]


@wrong("true and false", says="True and False")
def one_hot(labels, num_classes):
    return np.arange(num_classes).reshape(-1, 1) == labels


@wrong("zeros where ones belong", says="exchanged")
def one_hot(labels, num_classes):
    return 1 - np.eye(num_classes)[:, labels]


@wrong("one label after the other", says="32 samples", keeps=("test_one_hot",))
def one_hot(labels, num_classes):
    Y = np.zeros((num_classes, len(labels)))
    for i, label in enumerate(labels):
        Y[label, i] = 1
    return Y


@right("keeps the axes")
def softmax(Z):
    e = np.exp(Z - Z.max(axis=0, keepdims=True))
    return e / e.sum(axis=0, keepdims=True)


@right("through the logarithm of the sum")
def softmax(Z):
    top = np.max(Z, axis=0)
    return np.exp(Z - top - np.log(np.sum(np.exp(Z - top), axis=0)))


@right("transposed and back")
def softmax(Z):
    rows = np.transpose(Z) - np.max(np.transpose(Z), axis=1).reshape(-1, 1)
    e = np.exp(rows)
    return (e / e.sum(axis=1).reshape(-1, 1)).T


@wrong("no maximum subtracted", says="overflow", keeps=("test_softmax", "test_softmax_2"))
def softmax(Z):
    e = np.exp(Z)
    return e / e.sum(axis=0)


@wrong(
    "one maximum for all columns",
    says="columns far apart",
    keeps=("test_softmax", "test_softmax_2"),
)
def softmax(Z):
    e = np.exp(Z - np.max(Z))
    return e / e.sum(axis=0)


@wrong("one sum for all columns", says="all entries together add up to 1", keeps=("test_softmax",))
def softmax(Z):
    e = np.exp(Z - np.max(Z, axis=0))
    return e / np.sum(e)


@wrong("along the rows", says="other axis")
def softmax(Z):
    e = np.exp(Z - np.max(Z, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


@wrong("does not divide", says="divide by the column's sum")
def softmax(Z):
    return np.exp(Z - np.max(Z, axis=0))


@wrong("returns the logarithm", says="logarithm")
def softmax(Z):
    top = np.max(Z, axis=0)
    return Z - top - np.log(np.sum(np.exp(Z - top), axis=0))


@wrong("one column after the other", says="32 samples", keeps=("test_softmax", "test_softmax_3"))
def softmax(Z):
    P = np.zeros(Z.shape)
    for i in range(Z.shape[1]):
        e = np.exp(Z[:, i] - Z[:, i].max())
        P[:, i] = e / e.sum()
    return P


@right("picks the probability by its label")
def categorical_cross_entropy(Y_hat, Y):
    picked = Y_hat[np.argmax(Y, axis=0), np.arange(Y.shape[1])]
    return -np.log(np.maximum(picked, 1e-12)).reshape(1, -1)


@right("adds up before the logarithm, clipped on both sides")
def categorical_cross_entropy(Y_hat, Y):
    p = np.sum(Y * Y_hat, axis=0, keepdims=True)
    return -np.log(np.clip(p, 1e-12, 1 - 1e-12))


@right("einsum")
def categorical_cross_entropy(Y_hat, Y):
    logs = np.log(np.clip(Y_hat, 1e-12, None))
    return -np.einsum("cm,cm->m", Y, logs)[np.newaxis]


@wrong("no floor", says="logarithm", keeps=("test_categorical_cross_entropy",))
def categorical_cross_entropy(Y_hat, Y):
    return -np.sum(Y * np.log(Y_hat), axis=0, keepdims=True)


@wrong("adds up all samples", says="one number")
def categorical_cross_entropy(Y_hat, Y):
    return -np.sum(Y * np.log(np.maximum(Y_hat, 1e-12)))


@wrong("loses an axis", says="keepdims")
def categorical_cross_entropy(Y_hat, Y):
    return -np.sum(Y * np.log(np.maximum(Y_hat, 1e-12)), axis=0)


@wrong("the mean over the classes", says="3 times too small")
def categorical_cross_entropy(Y_hat, Y):
    return -np.mean(Y * np.log(np.maximum(Y_hat, 1e-12)), axis=0, keepdims=True)


@wrong("logarithms to base 2", says="base 2")
def categorical_cross_entropy(Y_hat, Y):
    return -np.sum(Y * np.log2(np.maximum(Y_hat, 1e-12)), axis=0, keepdims=True)


@wrong("does not add up the classes", says="sum over the 3 entries")
def categorical_cross_entropy(Y_hat, Y):
    return -Y * np.log(np.maximum(Y_hat, 1e-12))


@wrong("the logarithm of the largest probability", says="another class is likelier")
def categorical_cross_entropy(Y_hat, Y):
    return -np.log(np.maximum(np.max(Y_hat, axis=0, keepdims=True), 1e-12))


@wrong(
    "remembers the floor only where the label is 0",
    says="logarithm",
    keeps=("test_categorical_cross_entropy",),
)
def categorical_cross_entropy(Y_hat, Y):
    p = np.where(Y == 0, 1, Y_hat)
    return -np.sum(np.log(p), axis=0, keepdims=True)


@wrong("adds up three classes by hand", says="5 classes")
def categorical_cross_entropy(Y_hat, Y):
    logs = np.log(np.maximum(Y_hat, 1e-12))
    total = Y[0] * logs[0] + Y[1] * logs[1] + Y[2] * logs[2]
    return -total.reshape(1, -1)


@right("np.subtract")
def squared_error_gradient(Y_hat, Y):
    return np.subtract(Y_hat, Y)


@right("a negative sign before the opposite")
def squared_error_gradient(Y_hat, Y):
    return -(Y - Y_hat) * 1.0


@wrong("truth minus prediction", says="sign is turned")
def squared_error_gradient(Y_hat, Y):
    return Y - Y_hat


@wrong("the derivative of the square without the ½", says="factor of ½")
def squared_error_gradient(Y_hat, Y):
    return 2 * (Y_hat - Y)


@wrong("the gradient of the cost", says="divided by m")
def squared_error_gradient(Y_hat, Y):
    return (Y_hat - Y) / Y.shape[1]


@wrong("the mean over the samples", says="one number")
def squared_error_gradient(Y_hat, Y):
    return np.mean(Y_hat - Y)


@wrong("the loss itself", says="`squared_error`")
def squared_error_gradient(Y_hat, Y):
    return 0.5 * (Y_hat - Y) ** 2


@wrong("one sample after the other", says="32 samples")
def squared_error_gradient(Y_hat, Y):
    slopes = np.zeros(Y.shape)
    for i in range(Y.shape[1]):
        slopes[0, i] = Y_hat[0, i] - Y[0, i]
    return slopes


@right("counts above and below")
def absolute_error_gradient(Y_hat, Y):
    return (Y_hat > Y).astype(float) - (Y_hat < Y).astype(float)


@right("divides by the size where there is one")
def absolute_error_gradient(Y_hat, Y):
    e = Y_hat - Y
    size = np.abs(e)
    return e / np.where(size == 0, 1, size)


@right("nested where, whole numbers")
def absolute_error_gradient(Y_hat, Y):
    return np.where(Y_hat == Y, 0, np.where(Y_hat > Y, 1, -1))


@wrong("1 where the error is 0", says="exactly 0")
def absolute_error_gradient(Y_hat, Y):
    return np.where(Y_hat >= Y, 1.0, -1.0)


@wrong("divides by the size, 0 or not", says="exactly 0")
def absolute_error_gradient(Y_hat, Y):
    return (Y_hat - Y) / np.abs(Y_hat - Y)


@wrong("truth minus prediction", says="too high")
def absolute_error_gradient(Y_hat, Y):
    return np.sign(Y - Y_hat)


@wrong("the slope of the squared error", says="too high")
def absolute_error_gradient(Y_hat, Y):
    return Y_hat - Y


@wrong("cuts the error off at 1, as Huber does", says="errors are small")
def absolute_error_gradient(Y_hat, Y):
    return np.clip(Y_hat - Y, -1, 1)


@wrong("the loss itself", says="too high")
def absolute_error_gradient(Y_hat, Y):
    return np.abs(Y_hat - Y)


@right("minimum and maximum")
def huber_gradient(Y_hat, Y, delta=1.0):
    return np.maximum(np.minimum(Y_hat - Y, delta), -delta)


@right("by the two formulas")
def huber_gradient(Y_hat, Y, delta=1.0):
    e = Y_hat - Y
    return np.where(np.abs(e) < delta, e, delta * np.sign(e))


@wrong("does not look at δ", says="`delta`")
def huber_gradient(Y_hat, Y, delta=1.0):
    return np.clip(Y_hat - Y, -1, 1)


@wrong("cuts off above only", says="below 0")
def huber_gradient(Y_hat, Y, delta=1.0):
    return np.minimum(Y_hat - Y, delta)


@wrong("truth minus prediction", says="sign is turned")
def huber_gradient(Y_hat, Y, delta=1.0):
    return np.clip(Y - Y_hat, -delta, delta)


@wrong("the sign without δ in the straight part", says="slopes for δ = 3")
def huber_gradient(Y_hat, Y, delta=1.0):
    e = Y_hat - Y
    return np.where(np.abs(e) <= delta, e, np.sign(e))


@wrong("the gradient of the cost", says="divided by m")
def huber_gradient(Y_hat, Y, delta=1.0):
    return np.clip(Y_hat - Y, -delta, delta) / Y.shape[1]


@wrong("0 in the straight part", says="slopes for δ = 1")
def huber_gradient(Y_hat, Y, delta=1.0):
    e = Y_hat - Y
    return np.where(np.abs(e) <= delta, e, 0)


@right("as a quotient, clipped on both sides")
def binary_cross_entropy_gradient(Y_hat, Y):
    p = np.clip(Y_hat, 1e-12, 1 - 1e-12)
    return (p - Y) / (p * (1 - p))


@right("chooses the branch, then divides")
def binary_cross_entropy_gradient(Y_hat, Y):
    p = np.where(Y == 1, Y_hat, 1 - Y_hat)
    return np.where(Y == 1, -1, 1) / np.maximum(p, 1e-12)


@wrong("the sign turned", says="sign is turned")
def binary_cross_entropy_gradient(Y_hat, Y):
    return Y / np.maximum(Y_hat, 1e-12) - (1 - Y) / np.maximum(1 - Y_hat, 1e-12)


@wrong(
    "no floor",
    says="the denominator at 1e-12",
    keeps=("test_binary_cross_entropy_gradient",),
)
def binary_cross_entropy_gradient(Y_hat, Y):
    return -Y / Y_hat + (1 - Y) / (1 - Y_hat)


@wrong("the term of class 1 alone", says="(1 − y)")
def binary_cross_entropy_gradient(Y_hat, Y):
    return -Y / np.maximum(Y_hat, 1e-12)


@wrong("the slope with respect to the score", says="`squared_error_gradient`")
def binary_cross_entropy_gradient(Y_hat, Y):
    return Y_hat - Y


@wrong("the gradient of the cost", says="divided by m")
def binary_cross_entropy_gradient(Y_hat, Y):
    a, b = np.maximum(Y_hat, 1e-12), np.maximum(1 - Y_hat, 1e-12)
    return (-Y / a + (1 - Y) / b) / Y.shape[1]


@wrong("both terms with the same sign", says="lost their sign")
def binary_cross_entropy_gradient(Y_hat, Y):
    return Y / np.maximum(Y_hat, 1e-12) + (1 - Y) / np.maximum(1 - Y_hat, 1e-12)


@wrong(
    "writes into an array like the labels, which may be whole numbers",
    says="whole numbers",
    keeps=("test_binary_cross_entropy_gradient_2",),
)
def binary_cross_entropy_gradient(Y_hat, Y):
    slopes = np.zeros_like(Y)
    one = Y == 1
    slopes[one] = -1 / np.maximum(Y_hat[one], 1e-12)
    slopes[~one] = 1 / np.maximum(1 - Y_hat[~one], 1e-12)
    return slopes


@right("with a sigmoid of its own")
def sigmoid_cross_entropy_gradient(Z, Y):
    e = np.exp(-np.abs(Z))
    return np.where(Z >= 0, 1 / (1 + e), e / (1 + e)) - Y


@right("through the hyperbolic tangent")
def sigmoid_cross_entropy_gradient(Z, Y):
    return 0.5 + 0.5 * np.tanh(0.5 * Z) - Y


@wrong("takes the score for the probability", says="where y = 1")
def sigmoid_cross_entropy_gradient(Z, Y):
    return Z - Y


@wrong("truth minus prediction", says="sign is turned")
def sigmoid_cross_entropy_gradient(Z, Y):
    return Y - nn.sigmoid(Z)


@wrong("the gradient of the cost", says="divided by m")
def sigmoid_cross_entropy_gradient(Z, Y):
    return (nn.sigmoid(Z) - Y) / Y.shape[1]


@wrong("the slope of the squared error through the sigmoid", says="where y = 1")
def sigmoid_cross_entropy_gradient(Z, Y):
    return (nn.sigmoid(Z) - Y) * nn.sigmoid_derivative(Z)


@wrong(
    "the two factors multiplied, without floors",
    says="never positive",
    keeps=("test_sigmoid_cross_entropy_gradient",),
)
def sigmoid_cross_entropy_gradient(Z, Y):
    P = nn.sigmoid(Z)
    return (-Y / P + (1 - Y) / (1 - P)) * P * (1 - P)


@wrong(
    "a sigmoid of its own that overflows",
    says="overflow",
    keeps=("test_sigmoid_cross_entropy_gradient",),
)
def sigmoid_cross_entropy_gradient(Z, Y):
    return 1 / (1 + np.exp(-Z)) - Y


@wrong(
    "writes into an array like the scores, which may be whole numbers",
    says="Every entry is 0",
    keeps=("test_sigmoid_cross_entropy_gradient_2",),
)
def sigmoid_cross_entropy_gradient(Z, Y):
    slopes = np.zeros_like(Z)
    slopes[...] = nn.sigmoid(Z) - Y
    return slopes


@right("with a softmax of its own")
def softmax_cross_entropy_gradient(Z, Y):
    e = np.exp(Z - Z.max(axis=0, keepdims=True))
    return e / e.sum(axis=0, keepdims=True) - Y


@right("takes 1 from the entry of the right class")
def softmax_cross_entropy_gradient(Z, Y):
    P = softmax(Z)
    P[np.argmax(Y, axis=0), np.arange(Y.shape[1])] -= 1
    return P


@wrong("truth minus prediction", says="sign is turned")
def softmax_cross_entropy_gradient(Z, Y):
    return Y - softmax(Z)


@wrong("the sigmoid of every score", says="`sigmoid_cross_entropy_gradient`")
def softmax_cross_entropy_gradient(Z, Y):
    return nn.sigmoid(Z) - Y


@wrong("the gradient of the cost", says="divided by m")
def softmax_cross_entropy_gradient(Z, Y):
    return (softmax(Z) - Y) / Y.shape[1]


@wrong(
    "a softmax of its own with one maximum for all columns",
    says="columns far apart",
    keeps=("test_softmax_cross_entropy_gradient",),
)
def softmax_cross_entropy_gradient(Z, Y):
    e = np.exp(Z - Z.max())
    return e / e.sum(axis=0) - Y


@wrong(
    "a softmax of its own that overflows",
    says="overflow",
    keeps=("test_softmax_cross_entropy_gradient",),
)
def softmax_cross_entropy_gradient(Z, Y):
    e = np.exp(Z)
    return e / e.sum(axis=0) - Y


@wrong("the slope of the right class only", says="(1 − y)")
def softmax_cross_entropy_gradient(Z, Y):
    return Y * (softmax(Z) - Y)


@equivalent(
    "squared_error",
    "return 0.5 * (Y_hat - Y) ** 2 → return 0.5 * (Y - Y_hat) ** 2",
    because="the square does not see the sign of the error",
)
def two_rows(rng):
    return rng.normal(size=(1, 5)), rng.normal(size=(1, 5))


@equivalent(
    "huber",
    "size = np.abs(Y_hat - Y) → size = np.abs(Y - Y_hat)",
    because="the size does not see the sign of the error",
)
@equivalent(
    "huber",
    "return np.where(size <= delta, 0.5 * size ** 2, delta * (size - 0.5 * delta)) → "
    "return np.where(size < delta, 0.5 * size ** 2, delta * (size - 0.5 * delta))",
    because="at the seam both formulas give δ²/2",
)
def two_rows_and_delta(rng):
    return rng.integers(-4, 5, size=(1, 5)), rng.integers(-4, 5, size=(1, 5)), 1.0
