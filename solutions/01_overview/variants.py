"""Programs that students would hand in for lecture 01."""

import numpy as np

from autograder.variants import right, wrong


@right("a loop over the features")
def neuron(x, w, b):
    total = b
    for i in range(len(x)):
        total = total + x[i] * w[i]
    return total


@right("products added up")
def neuron(x, w, b):
    return (x * w).sum() + b


@right("a matrix product that gives an array of size 1")
def neuron(x, w, b):
    return x.reshape(1, -1) @ w.reshape(-1, 1) + b


@wrong("forgets the bias", says="bias")
def neuron(x, w, b):
    return np.dot(w, x)


@wrong("adds the bias once for each feature", says="b` is added 3 times")
def neuron(x, w, b):
    return np.sum(w * x + b)


@wrong("multiplies and does not add up", says="sum over the 3 entries")
def neuron(x, w, b):
    return w * x + b


@wrong("subtracts the bias", says="sign of the bias")
def neuron(x, w, b):
    return np.dot(w, x) - b


@wrong("knows three features only", says="5 features")
def neuron(x, w, b):
    return w[0] * x[0] + w[1] * x[1] + w[2] * x[2] + b


@wrong("rounds to two decimals", says="round")
def neuron(x, w, b):
    return round(float(np.dot(w, x) + b), 2)


@right("numpy's dot")
def weighted_sum(X, w, b):
    return np.dot(w.transpose(), X) + b


@right("weights times features, summed down the columns")
def weighted_sum(X, w, b):
    return np.sum(w * X, axis=0, keepdims=True) + b


@right("the product turned round")
def weighted_sum(X, w, b):
    return (X.T @ w).T + b


@wrong("forgets the bias", says="bias")
def weighted_sum(X, w, b):
    return w.T @ X


@wrong("one row per sample", says="transpos")
def weighted_sum(X, w, b):
    return X.T @ w + b


@wrong("weighs the features but does not add them up", says="sum over")
def weighted_sum(X, w, b):
    return w * X + b


@wrong("flattens the weights and loses an axis", says="axis of length 1 is missing")
def weighted_sum(X, w, b):
    return w[:, 0] @ X + b


@wrong("adds everything into one number", says="one number")
def weighted_sum(X, w, b):
    return np.sum(w * X) + b


@wrong("adds the bias before it sums", says="bias")
def weighted_sum(X, w, b):
    return np.sum(w * X + b, axis=0, keepdims=True)


@wrong("rounds to one decimal", says="round")
def weighted_sum(X, w, b):
    return np.round(w.T @ X + b, 1)


@wrong("loops over the samples", says="32 samples", keeps=("test_weighted_sum",))
def weighted_sum(X, w, b):
    m = X.shape[1]
    Z = np.zeros((1, m))
    for i in range(m):
        Z[0, i] = np.dot(w[:, 0], X[:, i]) + b
    return Z


@wrong("loops over the features", says="32 features", keeps=("test_weighted_sum",))
def weighted_sum(X, w, b):
    Z = np.full((1, X.shape[1]), float(b))
    for j in range(X.shape[0]):
        Z = Z + w[j, 0] * X[j]
    return Z


@right("an array made anew")
def to_columns(rows):
    return np.array(np.atleast_2d(rows.T) if rows.ndim == 1 else rows.T)


@right("a reshape first, so that one feature is a table too")
def to_columns(rows):
    table = rows.reshape(len(rows), -1)
    return np.ascontiguousarray(np.transpose(table)) + 0


@right("fills an array of the right shape")
def to_columns(rows):
    table = rows.reshape(rows.shape[0], -1)
    columns = np.zeros((table.shape[1], table.shape[0]), dtype=table.dtype)
    for j in range(table.shape[1]):
        columns[j] = table[:, j]
    return columns


@wrong("reshapes instead of transposing", says="transpose", keeps=("test_to_columns_2",))
def to_columns(rows):
    if rows.ndim == 1:
        return rows.reshape(1, -1).copy()
    return rows.reshape(rows.shape[1], rows.shape[0]).copy()


@wrong("leaves the rows as they are", says="rows and columns are exchanged")
def to_columns(rows):
    return np.array(rows)


@wrong("returns a view", says="view", keeps=("test_to_columns",))
def to_columns(rows):
    return rows.reshape(1, -1) if rows.ndim == 1 else rows.T


@wrong("forgets that one feature has no axis to exchange", says="axis", keeps=("test_to_columns",))
def to_columns(rows):
    return rows.T.copy()


@wrong("makes a column of a single feature", says="exchanged", keeps=("test_to_columns",))
def to_columns(rows):
    return rows.reshape(-1, 1).copy() if rows.ndim == 1 else rows.T.copy()


@wrong(
    "copies only where there is something to exchange",
    says="view",
    keeps=("test_to_columns",),
)
def to_columns(rows):
    return rows[np.newaxis] if rows.ndim == 1 else rows.T.copy()


@wrong("cuts to whole numbers", says="fractions")
def to_columns(rows):
    return np.atleast_2d(rows.T).astype(int) if rows.ndim == 1 else rows.T.astype(int)


@right("a new axis for the single picture")
def image_to_vector(images):
    if images.ndim == 3:
        images = images[..., np.newaxis]
    C, H, W, m = images.shape
    return np.array(images.reshape(C * H * W, m), dtype=float)


@right("single precision")
def image_to_vector(images):
    size = images.shape[0] * images.shape[1] * images.shape[2]
    return images.reshape(size, -1).astype(np.float32)


@right("raveled, and times one")
def image_to_vector(images):
    m = 1 if images.ndim == 3 else images.shape[-1]
    return np.ravel(images).reshape(-1, m) * 1.0


@wrong("columns first instead of rows first", says="not in their places")
def image_to_vector(images):
    m = images.shape[3] if images.ndim == 4 else 1
    return images.swapaxes(1, 2).reshape(-1, m).astype(float)


@wrong("puts the channels last", says="not in their places", keeps=("test_image_to_vector_2",))
def image_to_vector(images):
    if images.ndim == 4:
        return images.reshape(-1, images.shape[3]).astype(float)
    return images.transpose(1, 2, 0).reshape(-1, 1).astype(float)


@wrong(
    "cuts into samples along the first axis",
    says="not in their places",
    keeps=("test_image_to_vector",),
)
def image_to_vector(images):
    m = images.shape[3] if images.ndim == 4 else 1
    return images.reshape(m, -1).T.astype(float)


@wrong("leaves whole numbers as they are", says="expected floats")
def image_to_vector(images):
    m = images.shape[3] if images.ndim == 4 else 1
    return images.reshape(-1, m).copy()


@wrong("a row for a picture", says="transpos")
def image_to_vector(images):
    m = images.shape[3] if images.ndim == 4 else 1
    return images.reshape(-1, m).T.astype(float)


@wrong("divides by 255", says="255 times too small")
def image_to_vector(images):
    m = images.shape[3] if images.ndim == 4 else 1
    return images.reshape(-1, m) / 255


@wrong("copies only what is not made of floats yet", says="view")
def image_to_vector(images):
    m = images.shape[3] if images.ndim == 4 else 1
    return np.asarray(images, dtype=float).reshape(-1, m)


@wrong("knows single pictures only", says="(4, 3)", keeps=("test_image_to_vector",))
def image_to_vector(images):
    return images.reshape(-1, 1).astype(float)


@right("a loop over features")
def standardize(X):
    X = np.array(X, dtype=float)
    mean, std = np.zeros((len(X), 1)), np.ones((len(X), 1))
    result = np.zeros(X.shape)
    for j, row in enumerate(X):
        mean[j] = row.mean()
        if row.max() > row.min():
            std[j] = np.sqrt(np.mean((row - row.mean()) ** 2))
            result[j] = (row - mean[j]) / std[j]
    return result, mean, std


@right("compares each sample with the first")
def standardize(X):
    changes = (X != X[:, :1]).any(axis=1, keepdims=True)
    mean = np.where(changes, X.mean(axis=1, keepdims=True), X[:, :1])
    std = np.where(changes, X.std(axis=1, keepdims=True), 1.0)
    return (X - mean) / std, mean, std


@right("the spread by ptp, and a list of three")
def standardize(X):
    mean, std = X.mean(axis=1, keepdims=True), X.std(axis=1, keepdims=True)
    still = np.ptp(X, axis=1) == 0
    std[still] = 1
    Z = (X - mean) / std
    Z[still] = 0
    return [Z, mean, std]


@wrong("over the features instead of the samples", says="shape (3, 1)")
def standardize(X):
    mean, std = X.mean(axis=0, keepdims=True), X.std(axis=0, keepdims=True)
    std = np.where(std == 0, 1, std)
    return (X - mean) / std, mean, std


@wrong("divides by m − 1", says="m − 1")
def standardize(X):
    mean = X.mean(axis=1, keepdims=True)
    std = np.sqrt(((X - mean) ** 2).sum(axis=1, keepdims=True) / max(1, X.shape[1] - 1))
    constant = X.max(axis=1, keepdims=True) == X.min(axis=1, keepdims=True)
    std = np.where(constant, 1, std)
    return np.where(constant, 0, (X - mean) / std), mean, std


@wrong("divides by the variance", says="square")
def standardize(X):
    mean, var = X.mean(axis=1, keepdims=True), X.var(axis=1, keepdims=True)
    constant = X.max(axis=1, keepdims=True) == X.min(axis=1, keepdims=True)
    var = np.where(constant, 1, var)
    return np.where(constant, 0, (X - mean) / var), mean, var


@wrong("divides by 0", says="divide it by 1", keeps=("test_standardize",))
def standardize(X):
    mean, std = X.mean(axis=1, keepdims=True), X.std(axis=1, keepdims=True)
    return (X - mean) / std, mean, std


@wrong(
    "looks for a deviation of exactly 0", says="compare max and min", keeps=("test_standardize",)
)
def standardize(X):
    mean, std = X.mean(axis=1, keepdims=True), X.std(axis=1, keepdims=True)
    std = np.where(std == 0, 1, std)
    return (X - mean) / std, mean, std


@wrong("adds a little to every deviation", says="millionths", keeps=("test_standardize_2",))
def standardize(X):
    mean, std = X.mean(axis=1, keepdims=True), X.std(axis=1, keepdims=True)
    constant = X.max(axis=1, keepdims=True) == X.min(axis=1, keepdims=True)
    std = np.where(constant, 1, std + 1e-8)
    return np.where(constant, 0, (X - mean) / std), mean, std


@wrong("returns the deviation before the mean", says="order")
def standardize(X):
    mean, std = X.mean(axis=1, keepdims=True), X.std(axis=1, keepdims=True)
    constant = X.max(axis=1, keepdims=True) == X.min(axis=1, keepdims=True)
    std = np.where(constant, 1, std)
    return np.where(constant, 0, (X - mean) / std), std, mean


@wrong("flat means and deviations", says="axis of length 1 is missing")
def standardize(X):
    mean, std = X.mean(axis=1), X.std(axis=1)
    constant = X.max(axis=1) == X.min(axis=1)
    std[constant] = 1
    X_std = np.where(constant[:, None], 0, (X - mean[:, None]) / std[:, None])
    return X_std, mean, std


@wrong("subtracts within its argument", says="changed its argument")
def standardize(X):
    mean, std = X.mean(axis=1, keepdims=True), X.std(axis=1, keepdims=True)
    constant = X.max(axis=1, keepdims=True) == X.min(axis=1, keepdims=True)
    std = np.where(constant, 1, std)
    X -= mean
    X[constant[:, 0]] = 0
    return X / std, mean, std


@wrong(
    "divides first and repairs afterwards, with a warning",
    says="numpy warns",
    keeps=("test_standardize",),
)
def standardize(X):
    mean, std = X.mean(axis=1, keepdims=True), X.std(axis=1, keepdims=True)
    constant = X.max(axis=1, keepdims=True) == X.min(axis=1, keepdims=True)
    X_std = (X - mean) / std
    return np.where(constant, 0, X_std), mean, np.where(constant, 1, std)


@right("a comparison made a number")
def step(z):
    return np.greater(z, 0) * 1.0


@right("numpy's own step")
def step(z):
    return np.heaviside(z, 0.0)


@right("what is above 0 in the sign")
def step(z):
    return np.maximum(np.sign(z), 0)


@wrong("1 at 0, too", says="a tie is a no")
def step(z):
    return np.where(np.asarray(z) >= 0, 1.0, 0.0)


@wrong("true and false", says="True")
def step(z):
    return np.asarray(z) > 0


@wrong("a half at 0", says="a tie is a no")
def step(z):
    return np.heaviside(z, 0.5)


@wrong("the two answers exchanged", says="exchanged")
def step(z):
    return np.where(np.asarray(z) > 0, 0.0, 1.0)


@wrong("asks for a score of at least a half", says="small scores")
def step(z):
    return np.where(np.asarray(z) >= 0.5, 1.0, 0.0)


@wrong("works for single numbers only", says="truth value of an array")
def step(z):
    if z > 0:
        return 1.0
    return 0.0


@wrong("a loop over the scores", says="32 samples", keeps=("test_step",))
def step(z):
    z = np.asarray(z)
    answer = np.zeros(z.size)
    for i in range(z.size):
        if z.flat[i] > 0:
            answer[i] = 1
    return answer.reshape(z.shape)


@right("case by case")
def perceptron_update(w, b, x, y, learning_rate):
    says = 1 if float(np.sum(w * x)) + b > 0 else 0
    if says == y:
        return np.array(w, dtype=float), b
    if y == 1:
        return w + learning_rate * x, b + learning_rate
    return w - learning_rate * x, b - learning_rate


@right("the bias as one more weight")
def perceptron_update(w, b, x, y, learning_rate):
    weights, inputs = np.append(w, float(b)), np.append(x, 1.0)
    error = y - (weights @ inputs > 0).astype(float)
    weights = weights + learning_rate * error * inputs
    return weights[:-1], weights[-1]


@right("a list, and an array for b")
def perceptron_update(w, b, x, y, learning_rate):
    error = learning_rate * (y - step(neuron(x, w, b)))
    return [np.add(w, error * x), np.array([b + error])]


@wrong("subtracts instead of adding", says="wrong way")
def perceptron_update(w, b, x, y, learning_rate):
    error = y - step(neuron(x, w, b))
    return w - learning_rate * error * x, b - learning_rate * error


@wrong("forgets the learning rate", says="learning_rate")
def perceptron_update(w, b, x, y, learning_rate):
    error = y - step(neuron(x, w, b))
    return w + error * x, b + error


@wrong("never moves the bias", says="has not moved")
def perceptron_update(w, b, x, y, learning_rate):
    error = y - step(neuron(x, w, b))
    return w + learning_rate * error * x, b


@wrong("forgets to multiply by the input", says="moved alike")
def perceptron_update(w, b, x, y, learning_rate):
    error = y - step(neuron(x, w, b))
    return w + learning_rate * error, b + learning_rate * error


@wrong("writes into the caller's weights", says="changed its argument")
def perceptron_update(w, b, x, y, learning_rate):
    error = y - step(neuron(x, w, b))
    w += learning_rate * error * x
    return w, b + learning_rate * error


@wrong(
    "corrects also what was right",
    says="nothing to correct",
    keeps=("test_perceptron_update",),
)
def perceptron_update(w, b, x, y, learning_rate):
    return w + learning_rate * (2 * y - 1) * x, b + learning_rate * (2 * y - 1)


@wrong(
    "takes a score of 0 for a yes",
    says="exactly 0",
    keeps=("test_perceptron_update",),
)
def perceptron_update(w, b, x, y, learning_rate):
    error = y - (1.0 if np.dot(w, x) + b >= 0 else 0.0)
    return w + learning_rate * error * x, b + learning_rate * error


@wrong(
    "returns the same array where nothing changes",
    says="view",
    keeps=("test_perceptron_update",),
)
def perceptron_update(w, b, x, y, learning_rate):
    error = y - step(neuron(x, w, b))
    if error == 0:
        return w, b
    return w + learning_rate * error * x, b + learning_rate * error


@right("whole indices, and a flag")
def perceptron_fit(X, Y, learning_rate, epochs):
    n_x, m = X.shape
    w, b, mistakes = np.zeros(n_x), 0, []
    done = False
    while len(mistakes) < epochs and not done:
        count = 0
        for i in range(m):
            answer = step(np.dot(w, X[:, i]) + b)
            if answer != Y[0, i]:
                count += 1
                w = w + learning_rate * (Y[0, i] - answer) * X[:, i]
                b = b + learning_rate * (Y[0, i] - answer)
        mistakes.append(count)
        done = count == 0
    return w, b, mistakes


@right("counts the changes, in numpy's integers")
def perceptron_fit(X, Y, learning_rate, epochs):
    theta, inputs = np.zeros(len(X) + 1), np.vstack([X, np.ones(X.shape[1])])
    mistakes = []
    for _ in range(epochs):
        wrong = []
        for x, y in zip(inputs.T, Y.ravel()):
            error = y - (theta @ x > 0)
            theta = theta + learning_rate * error * x
            wrong.append(error != 0)
        mistakes.append(np.sum(wrong))
        if not any(wrong):
            break
    return theta[:-1], theta[-1], mistakes


@wrong("leaves out the last epoch, without mistakes", says="last 0 is missing")
def perceptron_fit(X, Y, learning_rate, epochs):
    w, b, mistakes = np.zeros(X.shape[0]), 0.0, []
    for _ in range(epochs):
        wrong = 0
        for x, y in zip(X.T, Y[0]):
            wrong += int(step(neuron(x, w, b)) != y)
            w, b = perceptron_update(w, b, x, y, learning_rate)
        if wrong == 0:
            break
        mistakes.append(wrong)
    return w, b, mistakes


@wrong("does not stop when it is done", says="has to stop")
def perceptron_fit(X, Y, learning_rate, epochs):
    w, b, mistakes = np.zeros(X.shape[0]), 0.0, []
    for _ in range(epochs):
        wrong = 0
        for x, y in zip(X.T, Y[0]):
            wrong += int(step(neuron(x, w, b)) != y)
            w, b = perceptron_update(w, b, x, y, learning_rate)
        mistakes.append(wrong)
    return w, b, mistakes


@wrong("counts after it has corrected", says="count before you correct")
def perceptron_fit(X, Y, learning_rate, epochs):
    w, b, mistakes = np.zeros(X.shape[0]), 0.0, []
    for _ in range(epochs):
        wrong = 0
        for x, y in zip(X.T, Y[0]):
            w, b = perceptron_update(w, b, x, y, learning_rate)
            wrong += int(step(neuron(x, w, b)) != y)
        mistakes.append(wrong)
        if wrong == 0:
            break
    return w, b, mistakes


@wrong("never sets the counter back", says="count anew")
def perceptron_fit(X, Y, learning_rate, epochs):
    w, b, mistakes, wrong = np.zeros(X.shape[0]), 0.0, [], 0
    for _ in range(epochs):
        for x, y in zip(X.T, Y[0]):
            wrong += int(step(neuron(x, w, b)) != y)
            w, b = perceptron_update(w, b, x, y, learning_rate)
        mistakes.append(wrong)
        if wrong == 0:
            break
    return w, b, mistakes


@wrong("corrects only at the end of an epoch", says="correct after each sample")
def perceptron_fit(X, Y, learning_rate, epochs):
    w, b, mistakes = np.zeros(X.shape[0]), 0.0, []
    for _ in range(epochs):
        new_w, new_b, wrong = w, b, 0
        for x, y in zip(X.T, Y[0]):
            error = y - step(neuron(x, w, b))
            wrong += int(error != 0)
            new_w, new_b = new_w + learning_rate * error * x, new_b + learning_rate * error
        w, b = new_w, new_b
        mistakes.append(wrong)
        if wrong == 0:
            break
    return w, b, mistakes


@wrong("returns the weights as a column", says="axis of length 1 too many")
def perceptron_fit(X, Y, learning_rate, epochs):
    w, b, mistakes = np.zeros(X.shape[0]), 0.0, []
    for _ in range(epochs):
        wrong = 0
        for x, y in zip(X.T, Y[0]):
            wrong += int(step(neuron(x, w, b)) != y)
            w, b = perceptron_update(w, b, x, y, learning_rate)
        mistakes.append(wrong)
        if wrong == 0:
            break
    return w[:, np.newaxis], b, mistakes


@wrong("does not look at the learning rate", says="`learning_rate` = 1.0")
def perceptron_fit(X, Y, learning_rate, epochs):
    w, b, mistakes = np.zeros(X.shape[0]), 0.0, []
    for _ in range(epochs):
        wrong = 0
        for x, y in zip(X.T, Y[0]):
            wrong += int(step(neuron(x, w, b)) != y)
            w, b = perceptron_update(w, b, x, y, 1.0)
        mistakes.append(wrong)
        if wrong == 0:
            break
    return w, b, mistakes


@wrong("gives the number of all mistakes", says="one number per epoch")
def perceptron_fit(X, Y, learning_rate, epochs):
    w, b, total = np.zeros(X.shape[0]), 0.0, 0
    for _ in range(epochs):
        wrong = 0
        for x, y in zip(X.T, Y[0]):
            wrong += int(step(neuron(x, w, b)) != y)
            w, b = perceptron_update(w, b, x, y, learning_rate)
        total += wrong
        if wrong == 0:
            break
    return w, b, total


@wrong("looks at four samples only, as AND has them", says="11 samples")
def perceptron_fit(X, Y, learning_rate, epochs):
    w, b, mistakes = np.zeros(X.shape[0]), 0.0, []
    for _ in range(epochs):
        wrong = 0
        for i in range(min(4, X.shape[1])):
            x, y = X[:, i], Y[0, i]
            wrong += int(step(neuron(x, w, b)) != y)
            w, b = perceptron_update(w, b, x, y, learning_rate)
        mistakes.append(wrong)
        if wrong == 0:
            break
    return w, b, mistakes


@right("differences of all pairs, in three dimensions")
def pairwise_squared_distances(A, B):
    return np.sum((A[:, :, np.newaxis] - B[:, np.newaxis, :]) ** 2, axis=0)


@right("einsum")
def pairwise_squared_distances(A, B):
    difference = A.T[:, np.newaxis] - B.T
    return np.einsum("ijn,ijn->ij", difference, difference)


@right("multiplied out, with clip")
def pairwise_squared_distances(A, B):
    a = np.square(A).sum(axis=0).reshape(-1, 1)
    b = np.square(B).sum(axis=0).reshape(1, -1)
    return np.clip(a + b - 2 * np.dot(A.T, B), 0, None)


@wrong(
    "lets rounding go below 0",
    says="below 0",
    keeps=("test_pairwise_squared_distances",),
)
def pairwise_squared_distances(A, B):
    return np.sum(A**2, axis=0)[:, np.newaxis] - 2 * A.T @ B + np.sum(B**2, axis=0)


@wrong(
    "k rows and m columns",
    says="transpos",
    keeps=("test_pairwise_squared_distances_2",),
)
def pairwise_squared_distances(A, B):
    return np.sum((B[:, :, np.newaxis] - A[:, np.newaxis, :]) ** 2, axis=0)


@wrong("takes the square root", says="square root")
def pairwise_squared_distances(A, B):
    return np.sqrt(np.sum((A[:, :, np.newaxis] - B[:, np.newaxis, :]) ** 2, axis=0))


@wrong("the mean over the features", says="3 times too small")
def pairwise_squared_distances(A, B):
    return np.mean((A[:, :, np.newaxis] - B[:, np.newaxis, :]) ** 2, axis=0)


@wrong("forgets the 2 before the product", says="of a sample to itself")
def pairwise_squared_distances(A, B):
    squares = np.sum(A**2, axis=0)[:, np.newaxis] + np.sum(B**2, axis=0)
    return np.maximum(squares - A.T @ B, 0)


@wrong(
    "one loop, over the columns of A",
    says="32 samples",
    keeps=("test_pairwise_squared_distances",),
)
def pairwise_squared_distances(A, B):
    D = np.zeros((A.shape[1], B.shape[1]))
    for i in range(A.shape[1]):
        D[i] = np.sum((A[:, [i]] - B) ** 2, axis=0)
    return D


@wrong(
    "a loop over the features",
    says="32 features",
    keeps=("test_pairwise_squared_distances",),
)
def pairwise_squared_distances(A, B):
    D = np.zeros((A.shape[1], B.shape[1]))
    for a, b in zip(A, B):
        D += (a[:, np.newaxis] - b) ** 2
    return D
