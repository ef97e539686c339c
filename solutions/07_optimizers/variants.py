"""Programs that students would hand in for lecture 07."""

import numpy as np

import nnlib as nn
from autograder.equivalence import equivalent
from autograder.variants import right, wrong


@right("picks the columns of each batch by their numbers")
def random_mini_batches(X, Y, batch_size, rng):
    order = rng.permutation(X.shape[-1])
    batches = []
    while order.size:
        now, order = order[:batch_size], order[batch_size:]
        batches.append((X[:, now], Y[:, now]))
    return batches


@right("shuffles a list of numbers and splits it")
def random_mini_batches(X, Y, batch_size, rng):
    numbers = np.arange(X.shape[1])
    rng.shuffle(numbers)
    cuts = np.arange(batch_size, X.shape[1], batch_size)
    return [(X[:, part], Y[:, part]) for part in np.split(numbers, cuts)]


@right("sorts by random keys")
def random_mini_batches(X, Y, batch_size, rng):
    order = np.argsort(rng.random(X.shape[1]))
    X, Y = np.take(X, order, axis=1), np.take(Y, order, axis=1)
    count = -(-X.shape[1] // batch_size)
    return [
        (X[:, k * batch_size : (k + 1) * batch_size], Y[:, k * batch_size : (k + 1) * batch_size])
        for k in range(count)
    ]


@wrong(
    "forgets the last, smaller batch",
    says="expected 3 entries, got 2",
    keeps=("test_random_mini_batches_2",),
)
def random_mini_batches(X, Y, batch_size, rng):
    m = X.shape[1]
    order = rng.permutation(m)
    X, Y = X[:, order], Y[:, order]
    batches = []
    for k in range(m // batch_size):
        part = slice(k * batch_size, (k + 1) * batch_size)
        batches.append((X[:, part], Y[:, part]))
    return batches if batches else [(X, Y)]


@wrong("shuffles samples and labels apart", says="labels below the samples")
def random_mini_batches(X, Y, batch_size, rng):
    m = X.shape[1]
    X, Y = X[:, rng.permutation(m)], Y[:, rng.permutation(m)]
    return [(X[:, i : i + batch_size], Y[:, i : i + batch_size]) for i in range(0, m, batch_size)]


@wrong("does not shuffle", says="the same order", keeps=("test_random_mini_batches",))
def random_mini_batches(X, Y, batch_size, rng):
    m = X.shape[1]
    return [(X[:, i : i + batch_size], Y[:, i : i + batch_size]) for i in range(0, m, batch_size)]


@wrong(
    "shuffles the batches, not the samples",
    says="shuffle samples, not blocks",
    keeps=("test_random_mini_batches",),
)
def random_mini_batches(X, Y, batch_size, rng):
    m = X.shape[1]
    starts = np.arange(0, m, batch_size)
    whole = starts[: m // batch_size]
    starts = np.concatenate([rng.permutation(whole), starts[whole.size :]])
    return [(X[:, i : i + batch_size], Y[:, i : i + batch_size]) for i in starts]


@wrong("draws with replacement", says="sorted")
def random_mini_batches(X, Y, batch_size, rng):
    m = X.shape[1]
    order = rng.integers(0, m, size=m)
    X, Y = X[:, order], Y[:, order]
    return [(X[:, i : i + batch_size], Y[:, i : i + batch_size]) for i in range(0, m, batch_size)]


@wrong(
    "shuffles with numpy's global generator",
    says="the same rng gives the same batches",
    keeps=("test_random_mini_batches",),
)
def random_mini_batches(X, Y, batch_size, rng):
    m = X.shape[1]
    order = np.random.permutation(m)
    X, Y = X[:, order], Y[:, order]
    return [(X[:, i : i + batch_size], Y[:, i : i + batch_size]) for i in range(0, m, batch_size)]


@wrong(
    "shuffles the features of each sample too",
    says="sorted",
    keeps=("test_random_mini_batches_2",),
)
def random_mini_batches(X, Y, batch_size, rng):
    m = X.shape[1]
    order = rng.permutation(m)
    X, Y = rng.permutation(X, axis=0)[::-1][:, order], Y[:, order]
    return [(X[:, i : i + batch_size], Y[:, i : i + batch_size]) for i in range(0, m, batch_size)]


@wrong(
    "gathers the samples of a batch one by one",
    says="32 samples",
    keeps=("test_random_mini_batches",),
)
def random_mini_batches(X, Y, batch_size, rng):
    m = X.shape[1]
    order = rng.permutation(m)
    batches = []
    for start in range(0, m, batch_size):
        X_b, Y_b = [], []
        for i in order[start : start + batch_size]:
            X_b.append(X[:, i])
            Y_b.append(Y[:, i])
        batches.append((np.array(X_b).T, np.array(Y_b).T))
    return batches


@wrong(
    "stores the averages in an array made for the values",
    says="fractions were cut off",
    keeps=("test_ewma_2",),
)
def ewma(values, beta, bias_correction=False):
    averages, v = np.zeros_like(values), 0.0
    for t in range(len(values)):
        v = beta * v + (1 - beta) * values[t]
        averages[t] = v / (1 - beta ** (t + 1)) if bias_correction else v
    return averages


@right("an array filled in place")
def ewma(values, beta, bias_correction=False):
    averages = np.zeros(len(values))
    v = 0.0
    for t in range(len(values)):
        v = v + (1 - beta) * (values[t] - v)
        averages[t] = v
    if bias_correction:
        averages = averages / (1 - beta ** np.arange(1, len(values) + 1))
    return averages


@right("without a loop, by a table of weights")
def ewma(values, beta, bias_correction=False):
    ages = np.subtract.outer(np.arange(len(values)), np.arange(len(values)))
    weights = np.where(ages >= 0, beta ** np.maximum(ages, 0.0), 0.0)
    if bias_correction:
        return weights @ values / weights.sum(axis=1)
    return (1 - beta) * (weights @ values)


@wrong("the weights exchanged", says="β and 1 − β are exchanged")
def ewma(values, beta, bias_correction=False):
    averages, v = [], 0.0
    for t, a in enumerate(values, start=1):
        v = (1 - beta) * v + beta * a
        averages.append(v / (1 - beta**t) if bias_correction else v)
    return np.array(averages)


@wrong("does not weigh the new value", says="not weighted by 1 − β")
def ewma(values, beta, bias_correction=False):
    averages, v = [], 0.0
    for t, a in enumerate(values, start=1):
        v = beta * v + a
        averages.append(v / (1 - beta**t) if bias_correction else v)
    return np.array(averages)


@wrong("never corrects", says="divide v_t by 1 − βᵗ", keeps=("test_ewma",))
def ewma(values, beta, bias_correction=False):
    averages, v = [], 0.0
    for a in values:
        v = beta * v + (1 - beta) * a
        averages.append(v)
    return np.array(averages)


@wrong("carries the corrected value on", says="corrected again", keeps=("test_ewma",))
def ewma(values, beta, bias_correction=False):
    averages, v = [], 0.0
    for t, a in enumerate(values, start=1):
        v = beta * v + (1 - beta) * a
        if bias_correction:
            v = v / (1 - beta**t)
        averages.append(v)
    return np.array(averages)


@wrong("counts from 0 in the correction", says="not finite", keeps=("test_ewma",))
def ewma(values, beta, bias_correction=False):
    averages, v = [], 0.0
    for t in range(len(values)):
        v = beta * v + (1 - beta) * values[t]
        averages.append(v / (1 - beta**t) if bias_correction else v)
    return np.array(averages)


@wrong("starts from the first value", says="starts at the first value")
def ewma(values, beta, bias_correction=False):
    averages, v = [], values[0]
    for t, a in enumerate(values, start=1):
        v = beta * v + (1 - beta) * a
        averages.append(v / (1 - beta**t) if bias_correction else v)
    return np.array(averages)


@wrong("includes v_0 in the list", says="one entry too many")
def ewma(values, beta, bias_correction=False):
    averages, v = [0.0], 0.0
    for t, a in enumerate(values, start=1):
        v = beta * v + (1 - beta) * a
        averages.append(v / (1 - beta**t) if bias_correction else v)
    return np.array(averages)


@right("with numpy's functions")
def sgd_step(w, dw, learning_rate):
    return np.subtract(w, np.multiply(learning_rate, dw))


@right("on a copy, in place")
def sgd_step(w, dw, learning_rate):
    new = np.array(w, dtype=float)
    new -= learning_rate * dw
    return new


@wrong("in place", says="argument number 1")
def sgd_step(w, dw, learning_rate):
    w -= learning_rate * dw
    return w


@wrong("goes uphill", says="up the slope")
def sgd_step(w, dw, learning_rate):
    return w + learning_rate * dw


@wrong("without the learning rate", says="not scaled by `learning_rate`")
def sgd_step(w, dw, learning_rate):
    return w - dw


@wrong("returns the step, not the place", says="the step itself")
def sgd_step(w, dw, learning_rate):
    return -learning_rate * dw


@wrong("cuts the step to whole numbers where the weights are whole", says="fractions were cut off")
def sgd_step(w, dw, learning_rate):
    new = np.array(w)
    new[...] = w - learning_rate * dw
    return new


@wrong("loops over the entries", says="32 samples")
def sgd_step(w, dw, learning_rate):
    new = np.array(w, dtype=float)
    for i in np.ndindex(new.shape):
        new[i] = new[i] - learning_rate * dw[i]
    return new


@right("a dict as the state")
def momentum_step(w, dw, state, learning_rate, beta=0.9):
    v = np.zeros(np.shape(w)) if state is None else state["v"]
    v = beta * v + (1 - beta) * dw
    return w - learning_rate * v, {"v": v}


@right("a tuple as the state")
def momentum_step(w, dw, state, learning_rate, beta=0.9):
    (v,) = state or (np.zeros_like(w, dtype=float),)
    v = v + (1 - beta) * (dw - v)
    return w - learning_rate * v, (v,)


@right("an object as the state")
def momentum_step(w, dw, state, learning_rate, beta=0.9):
    class Memory:
        def __init__(self, v):
            self.v = v

    before = 0.0 if state is None else state.v
    memory = Memory(beta * before + (1 - beta) * dw)
    return w - learning_rate * memory.v, memory


@right("a function as the state")
def momentum_step(w, dw, state, learning_rate, beta=0.9):
    v = beta * (0.0 if state is None else state()) + (1 - beta) * dw

    def remember():
        return v

    return w - learning_rate * v, remember


@wrong("the sum in place of the average", says="not weighted by 1 − β")
def momentum_step(w, dw, state, learning_rate, beta=0.9):
    v = dw.copy() if state is None else beta * state + dw
    return w - learning_rate * v, v


@wrong("the weights exchanged", says="β and 1 − β are exchanged")
def momentum_step(w, dw, state, learning_rate, beta=0.9):
    v = 0 if state is None else state
    v = (1 - beta) * v + beta * dw
    return w - learning_rate * v, v


@wrong("starts the average at the first gradient", says="not weighted by 1 − β")
def momentum_step(w, dw, state, learning_rate, beta=0.9):
    v = 1.0 * dw if state is None else beta * state + (1 - beta) * dw
    return w - learning_rate * v, v


@wrong("does not use its state", says="`state` of the step before")
def momentum_step(w, dw, state, learning_rate, beta=0.9):
    v = (1 - beta) * dw
    return w - learning_rate * v, v


@wrong("writes into its state", says="argument number 3", keeps=("test_momentum_step",))
def momentum_step(w, dw, state, learning_rate, beta=0.9):
    v = np.zeros(np.shape(w)) if state is None else state
    v *= beta
    v += (1 - beta) * dw
    return w - learning_rate * v, v


@wrong("writes into an object of its own", says="taken again", keeps=("test_momentum_step",))
def momentum_step(w, dw, state, learning_rate, beta=0.9):
    class Memory:
        v = 0.0

    state = state or Memory()
    state.v = beta * state.v + (1 - beta) * dw
    return w - learning_rate * state.v, state


@wrong(
    "keeps the gradients themselves, not copies",
    says="written into the first one's array",
    keeps=("test_momentum_step",),
)
def momentum_step(w, dw, state, learning_rate, beta=0.9):
    gradients = [*(state or []), dw]
    v = 0.0
    for gradient in gradients:
        v = beta * v + (1 - beta) * gradient
    return w - learning_rate * v, gradients


@wrong("corrects for the start, as Adam does", says="not weighted by 1 − β")
def momentum_step(w, dw, state, learning_rate, beta=0.9):
    v, t = (0, 0) if state is None else state
    v, t = beta * v + (1 - beta) * dw, t + 1
    return w - learning_rate * v / (1 - beta**t), (v, t)


@wrong("ignores beta", says="`beta`", keeps=("test_momentum_step_2",))
def momentum_step(w, dw, state, learning_rate, beta=0.9):
    v = 0 if state is None else state
    v = 0.9 * v + 0.1 * dw
    return w - learning_rate * v, v


@right("a dict as the state")
def adagrad_step(w, dw, state, learning_rate, eps=1e-8):
    total = (state or {"total": 0})["total"] + np.square(dw)
    rate = learning_rate / (np.sqrt(total) + eps)
    return w - rate * dw, {"total": total}


@right("a list of all squares, in copies")
def adagrad_step(w, dw, state, learning_rate, eps=1e-8):
    squares = [*(state or []), dw * dw]
    return w - learning_rate * dw / (eps + sum(squares) ** 0.5), squares


@right("an object as the state")
def adagrad_step(w, dw, state, learning_rate, eps=1e-8):
    class Total:
        def __init__(self, s):
            self.s = s

    s = dw**2 if state is None else state.s + dw**2
    return w - learning_rate * dw / (np.sqrt(s) + eps), Total(s)


@wrong(
    "cuts whole weights to whole numbers",
    says="fractions were cut off",
    keeps=("test_adagrad_step",),
)
def adagrad_step(w, dw, state, learning_rate, eps=1e-8):
    s = 0 if state is None else state
    s = s + dw**2
    new = np.array(w)
    new[...] = w - learning_rate * dw / (np.sqrt(s) + eps)
    return new, s


@wrong("without the root", says="without the square root")
def adagrad_step(w, dw, state, learning_rate, eps=1e-8):
    s = 0 if state is None else state
    s = s + dw**2
    return w - learning_rate * dw / (s + eps), s


@wrong("ε inside the root", says="inside the square root", keeps=("test_adagrad_step_2",))
def adagrad_step(w, dw, state, learning_rate, eps=1e-8):
    s = 0 if state is None else state
    s = s + dw**2
    return w - learning_rate * dw / np.sqrt(s + eps), s


@wrong("adds up the gradients, not their squares", says="w after the second step")
def adagrad_step(w, dw, state, learning_rate, eps=1e-8):
    s = 0 if state is None else state
    s = s + dw
    return w - learning_rate * dw / (np.abs(s) + eps), s


@wrong("does not use its state", says="`state` of the step before")
def adagrad_step(w, dw, state, learning_rate, eps=1e-8):
    s = dw**2
    return w - learning_rate * dw / (np.sqrt(s) + eps), s


@wrong("divides by the accumulator of the step before", says="newest gradient")
def adagrad_step(w, dw, state, learning_rate, eps=1e-8):
    s = np.zeros(np.shape(w)) if state is None else state
    return w - learning_rate * dw / (np.sqrt(s) + eps), s + dw**2


@wrong("writes into its state", says="argument number 3", keeps=("test_adagrad_step",))
def adagrad_step(w, dw, state, learning_rate, eps=1e-8):
    s = np.zeros(np.shape(w)) if state is None else state
    s += dw**2
    return w - learning_rate * dw / (np.sqrt(s) + eps), s


@wrong("one accumulator for all weights", says="All entries are divided by one number")
def adagrad_step(w, dw, state, learning_rate, eps=1e-8):
    s = 0 if state is None else state
    s = s + np.sum(dw**2)
    return w - learning_rate * dw / (np.sqrt(s) + eps), s


@wrong("ignores eps", says="`eps`", keeps=("test_adagrad_step_2",))
def adagrad_step(w, dw, state, learning_rate, eps=1e-8):
    s = 0 if state is None else state
    s = s + dw**2
    return w - learning_rate * dw / (np.sqrt(s) + 1e-8), s


@right("a dict as the state")
def rmsprop_step(w, dw, state, learning_rate, beta=0.95, eps=1e-8):
    before = 0.0 if state is None else state["mean square"]
    now = beta * before + (1 - beta) * np.square(dw)
    return w - learning_rate / (np.sqrt(now) + eps) * dw, {"mean square": now}


@right("a tuple with the step's number in it too")
def rmsprop_step(w, dw, state, learning_rate, beta=0.95, eps=1e-8):
    t, s = state or (0, np.zeros_like(dw, dtype=float))
    s = s + (1 - beta) * (dw * dw - s)
    return w - learning_rate * dw / (s**0.5 + eps), (t + 1, s)


@right("an object as the state")
def rmsprop_step(w, dw, state, learning_rate, beta=0.95, eps=1e-8):
    class Memory:
        pass

    memory = Memory()
    memory.s = (1 - beta) * dw**2
    if state is not None:
        memory.s = memory.s + beta * state.s
    return w - learning_rate * dw / (np.sqrt(memory.s) + eps), memory


@wrong(
    "cuts whole weights to whole numbers",
    says="fractions were cut off",
    keeps=("test_rmsprop_step",),
)
def rmsprop_step(w, dw, state, learning_rate, beta=0.95, eps=1e-8):
    s = 0 if state is None else state
    s = beta * s + (1 - beta) * dw**2
    new = np.array(w)
    new[...] = w - learning_rate * dw / (np.sqrt(s) + eps)
    return new, s


@wrong("without the root", says="without the square root")
def rmsprop_step(w, dw, state, learning_rate, beta=0.95, eps=1e-8):
    s = 0 if state is None else state
    s = beta * s + (1 - beta) * dw**2
    return w - learning_rate * dw / (s + eps), s


@wrong("ε inside the root", says="inside the square root", keeps=("test_rmsprop_step_2",))
def rmsprop_step(w, dw, state, learning_rate, beta=0.95, eps=1e-8):
    s = 0 if state is None else state
    s = beta * s + (1 - beta) * dw**2
    return w - learning_rate * dw / np.sqrt(s + eps), s


@wrong("does not weigh the new square", says="not weighted by 1 − β")
def rmsprop_step(w, dw, state, learning_rate, beta=0.95, eps=1e-8):
    s = 0 if state is None else state
    s = beta * s + dw**2
    return w - learning_rate * dw / (np.sqrt(s) + eps), s


@wrong("the weights exchanged", says="β and 1 − β are exchanged")
def rmsprop_step(w, dw, state, learning_rate, beta=0.95, eps=1e-8):
    s = 0 if state is None else state
    s = (1 - beta) * s + beta * dw**2
    return w - learning_rate * dw / (np.sqrt(s) + eps), s


@wrong("β = 0.9 by default", says="default β = 0.95", keeps=("test_rmsprop_step",))
def rmsprop_step(w, dw, state, learning_rate, beta=0.9, eps=1e-8):
    s = 0 if state is None else state
    s = beta * s + (1 - beta) * dw**2
    return w - learning_rate * dw / (np.sqrt(s) + eps), s


@wrong("corrects for the start, as Adam does", says="not weighted by 1 − β")
def rmsprop_step(w, dw, state, learning_rate, beta=0.95, eps=1e-8):
    s, t = (0, 0) if state is None else state
    s, t = beta * s + (1 - beta) * dw**2, t + 1
    return w - learning_rate * dw / (np.sqrt(s / (1 - beta**t)) + eps), (s, t)


@wrong("does not use its state", says="`state` of the step before")
def rmsprop_step(w, dw, state, learning_rate, beta=0.95, eps=1e-8):
    s = (1 - beta) * dw**2
    return w - learning_rate * dw / (np.sqrt(s) + eps), s


@wrong("writes into its state", says="argument number 3", keeps=("test_rmsprop_step",))
def rmsprop_step(w, dw, state, learning_rate, beta=0.95, eps=1e-8):
    if state is None:
        state = {"s": np.zeros(np.shape(w))}
    state["s"] = beta * state["s"] + (1 - beta) * dw**2
    return w - learning_rate * dw / (np.sqrt(state["s"]) + eps), state


@right("a dict as the state")
def adam_step(w, dw, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    if state is None:
        state = {"v": np.zeros(np.shape(w)), "s": np.zeros(np.shape(w)), "t": 0}
    t = state["t"] + 1
    v = beta1 * state["v"] + (1 - beta1) * dw
    s = beta2 * state["s"] + (1 - beta2) * np.square(dw)
    step = (v / (1 - beta1**t)) / (np.sqrt(s / (1 - beta2**t)) + eps)
    return w - learning_rate * step, {"v": v, "s": s, "t": t}


@right("an object as the state")
def adam_step(w, dw, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    class Memory:
        def __init__(self, v, s, t):
            self.v, self.s, self.t = v, s, t

    old = state or Memory(0.0, 0.0, 0)
    new = Memory(beta1 * old.v + (1 - beta1) * dw, beta2 * old.s + (1 - beta2) * dw**2, old.t + 1)
    v_hat, s_hat = new.v / (1 - beta1**new.t), new.s / (1 - beta2**new.t)
    return w - learning_rate * v_hat / (s_hat**0.5 + eps), new


@right("powers of β in the tuple, and the corrections in the rate")
def adam_step(w, dw, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    v, s, p1, p2 = state or (0.0, 0.0, 1.0, 1.0)
    v, s = v + (1 - beta1) * (dw - v), s + (1 - beta2) * (dw * dw - s)
    p1, p2 = p1 * beta1, p2 * beta2
    root = np.sqrt(1 - p2)
    return w - learning_rate * root / (1 - p1) * v / (np.sqrt(s) + eps * root), (v, s, p1, p2)


@right("a function as the state")
def adam_step(w, dw, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    v, s, t = (0.0, 0.0, 0) if state is None else state()
    v, s, t = beta1 * v + (1 - beta1) * dw, beta2 * s + (1 - beta2) * dw**2, t + 1
    w = w - learning_rate * v / (1 - beta1**t) / (np.sqrt(s / (1 - beta2**t)) + eps)
    return w, lambda: (v, s, t)


@wrong("without bias correction", says="bias correction is missing")
def adam_step(w, dw, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    v, s = (0, 0) if state is None else state
    v = beta1 * v + (1 - beta1) * dw
    s = beta2 * s + (1 - beta2) * dw**2
    return w - learning_rate * v / (np.sqrt(s) + eps), (v, s)


@wrong("corrects the squares only", says="bias correction of v")
def adam_step(w, dw, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    v, s, t = (0, 0, 0) if state is None else state
    v, s, t = beta1 * v + (1 - beta1) * dw, beta2 * s + (1 - beta2) * dw**2, t + 1
    return w - learning_rate * v / (np.sqrt(s / (1 - beta2**t)) + eps), (v, s, t)


@wrong("corrects the average of gradients only", says="bias correction of s")
def adam_step(w, dw, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    v, s, t = (0, 0, 0) if state is None else state
    v, s, t = beta1 * v + (1 - beta1) * dw, beta2 * s + (1 - beta2) * dw**2, t + 1
    return w - learning_rate * v / (1 - beta1**t) / (np.sqrt(s) + eps), (v, s, t)


@wrong("an Adam without averages", says="`state` of the step before", keeps=("test_adam_step",))
def adam_step(w, dw, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    return w - learning_rate * dw / (np.sqrt(dw**2) + eps), 0


@wrong("the step counter stands still", says="t is 1 here, not 2", keeps=("test_adam_step",))
def adam_step(w, dw, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    v, s = (0, 0) if state is None else state
    v, s = beta1 * v + (1 - beta1) * dw, beta2 * s + (1 - beta2) * dw**2
    return w - learning_rate * v / (1 - beta1) / (np.sqrt(s / (1 - beta2)) + eps), (v, s)


@wrong(
    "stops correcting after ten steps",
    says="after step 11",
    keeps=("test_adam_step", "test_adam_step_3"),
)
def adam_step(w, dw, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    v, s, t = (0, 0, 0) if state is None else state
    v, s, t = beta1 * v + (1 - beta1) * dw, beta2 * s + (1 - beta2) * dw**2, t + 1
    a, b = (1 - beta1**t, 1 - beta2**t) if t <= 10 else (1, 1)
    return w - learning_rate * (v / a) / (np.sqrt(s / b) + eps), (v, s, t)


@wrong("the corrected averages go on", says="second step", keeps=("test_adam_step",))
def adam_step(w, dw, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    v, s, t = (0, 0, 0) if state is None else state
    t = t + 1
    v = (beta1 * v + (1 - beta1) * dw) / (1 - beta1**t)
    s = (beta2 * s + (1 - beta2) * dw**2) / (1 - beta2**t)
    return w - learning_rate * v / (np.sqrt(s) + eps), (v, s, t)


@wrong("without the root", says="without the square root")
def adam_step(w, dw, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    v, s, t = (0, 0, 0) if state is None else state
    v, s, t = beta1 * v + (1 - beta1) * dw, beta2 * s + (1 - beta2) * dw**2, t + 1
    return w - learning_rate * v / (1 - beta1**t) / (s / (1 - beta2**t) + eps), (v, s, t)


@wrong("ε inside the root", says="inside the square root", keeps=("test_adam_step_3",))
def adam_step(w, dw, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    v, s, t = (0, 0, 0) if state is None else state
    v, s, t = beta1 * v + (1 - beta1) * dw, beta2 * s + (1 - beta2) * dw**2, t + 1
    return w - learning_rate * v / (1 - beta1**t) / np.sqrt(s / (1 - beta2**t) + eps), (v, s, t)


@wrong(
    "writes into its state",
    says="argument number 3",
    keeps=("test_adam_step", "test_adam_step_2"),
)
def adam_step(w, dw, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    if state is None:
        state = {"v": np.zeros(np.shape(w)), "s": np.zeros(np.shape(w)), "t": 0}
    state["t"] += 1
    state["v"] = beta1 * state["v"] + (1 - beta1) * dw
    state["s"] = beta2 * state["s"] + (1 - beta2) * dw**2
    v_hat, s_hat = state["v"] / (1 - beta1 ** state["t"]), state["s"] / (1 - beta2 ** state["t"])
    return w - learning_rate * v_hat / (np.sqrt(s_hat) + eps), state


@wrong(
    "counts its steps outside, in the function",
    says="taken again",
    keeps=("test_adam_step", "test_adam_step_2"),
)
def adam_step(w, dw, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    if state is None:
        adam_step.t = 0
        state = (np.zeros(np.shape(w)), np.zeros(np.shape(w)))
    try:
        adam_step.t += 1
    except AttributeError:
        adam_step.t = 1
    t, (v, s) = adam_step.t, state
    v, s = beta1 * v + (1 - beta1) * dw, beta2 * s + (1 - beta2) * dw**2
    return w - learning_rate * v / (1 - beta1**t) / (np.sqrt(s / (1 - beta2**t)) + eps), (v, s)


@wrong("asks an optimizer of the library", says="write this one yourself")
def adam_step(w, dw, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    optimizer = state or nn.Adam(learning_rate, beta1, beta2, eps)
    new_w = np.array(w, dtype=float)
    optimizer.step(new_w, np.asarray(dw, dtype=float))
    return new_w, optimizer


@right("two steps")
def decayed_learning_rate(learning_rate, decay, epoch):
    slower = 1 + epoch * decay
    return np.float64(learning_rate / slower)


@right("as a power")
def decayed_learning_rate(learning_rate, decay, epoch):
    return learning_rate * (1 + decay * epoch) ** -1


@wrong("divides before it adds", says="the rate of epoch 6")
def decayed_learning_rate(learning_rate, decay, epoch):
    return learning_rate / 1 + decay * epoch


@wrong("exponential decay", says="the rate of epoch 6")
def decayed_learning_rate(learning_rate, decay, epoch):
    return learning_rate * np.exp(-decay * epoch)


@wrong("decays a whole step at a time", says="the rate of epoch 6")
def decayed_learning_rate(learning_rate, decay, epoch):
    return learning_rate / (1 + decay) ** epoch


@wrong("forgets the 1", says="the rate of epoch 0")
def decayed_learning_rate(learning_rate, decay, epoch):
    return learning_rate / (decay * epoch + 1e-12)


@wrong("does not look at the epoch", says="`epoch`")
def decayed_learning_rate(learning_rate, decay, epoch):
    return learning_rate / (1 + decay)


@wrong("counts the epochs beyond the tenth as the tenth", says="another epoch")
def decayed_learning_rate(learning_rate, decay, epoch):
    return learning_rate / (1 + decay * min(epoch, 10))


@right("a dot product for each matrix")
def l2_cost(weights, lambd, m):
    total = 0.0
    for W in weights:
        total += W.ravel() @ W.ravel()
    return 0.5 * lambd * total / m


@right("with numpy's norm")
def l2_cost(weights, lambd, m):
    return lambd / m / 2 * sum(np.linalg.norm(W) ** 2 for W in weights)


@wrong("forgets the half", says="factor of ½ is missing")
def l2_cost(weights, lambd, m):
    return lambd / m * sum(np.sum(W**2) for W in weights)


@wrong("forgets m", says="`m`")
def l2_cost(weights, lambd, m):
    return lambd / 2 * sum(np.sum(W**2) for W in weights)


@wrong("does not square the norm", says="cost of one matrix")
def l2_cost(weights, lambd, m):
    return lambd / (2 * m) * sum(np.linalg.norm(W) for W in weights)


@wrong("the first matrix only", says="cost of two matrices")
def l2_cost(weights, lambd, m):
    return lambd / (2 * m) * np.sum(weights[0] ** 2)


@wrong("absolute values, which is L1", says="cost of one matrix")
def l2_cost(weights, lambd, m):
    return lambd / (2 * m) * sum(np.sum(np.abs(W)) for W in weights)


@wrong("rounds to four decimals", says="round")
def l2_cost(weights, lambd, m):
    return round(float(lambd / (2 * m) * sum(np.sum(W**2) for W in weights)), 4)


@right("the factor last")
def l2_gradient(W, lambd, m):
    return W * (lambd / m)


@right("with numpy's functions")
def l2_gradient(W, lambd, m):
    return np.divide(np.multiply(lambd, W), m)


@wrong("forgets m", says="`m`")
def l2_gradient(W, lambd, m):
    return lambd * W


@wrong("keeps the half", says="factor of 2 is missing")
def l2_gradient(W, lambd, m):
    return lambd / (2 * m) * W


@wrong("keeps the 2", says="factor of ½ is missing")
def l2_gradient(W, lambd, m):
    return 2 * lambd / m * W


@wrong("forgets λ", says="`lambd`")
def l2_gradient(W, lambd, m):
    return W / m


@wrong("divides by the number of weights", says="times too large everywhere")
def l2_gradient(W, lambd, m):
    return lambd / W.size * W


@wrong("rounds to three decimals", says="rounded")
def l2_gradient(W, lambd, m):
    return np.round(lambd / m * W, 3)


@wrong("the square in place of the weight", says="gradient for λ = 0.6")
def l2_gradient(W, lambd, m):
    return lambd / m * W**2


@right("a binomial draw")
def dropout_forward(A, keep_prob, rng):
    mask = rng.binomial(1, keep_prob, size=A.shape)
    return mask * A / keep_prob, mask


@right("with where, and a mask of small integers")
def dropout_forward(A, keep_prob, rng):
    kept = rng.uniform(size=np.shape(A)) >= 1 - keep_prob
    return np.where(kept, A / keep_prob, 0.0), kept.astype(np.int8)


@right("a choice for each entry")
def dropout_forward(A, keep_prob, rng):
    mask = rng.choice([1.0, 0.0], size=A.shape, p=[keep_prob, 1 - keep_prob])
    return A * (mask / keep_prob), mask


@wrong("not inverted", says="`keep_prob`")
def dropout_forward(A, keep_prob, rng):
    mask = (rng.random(A.shape) < keep_prob).astype(float)
    return A * mask, mask


@wrong("drops what should be kept", says="of it is 1")
def dropout_forward(A, keep_prob, rng):
    mask = (rng.random(A.shape) > keep_prob).astype(float)
    return A * mask / keep_prob, mask


@wrong("a mask of true and false", says="`.astype(float)`")
def dropout_forward(A, keep_prob, rng):
    mask = rng.random(A.shape) < keep_prob
    return A * mask / keep_prob, mask


@wrong("rescales the mask", says="0 (dropped) and 1 (kept)")
def dropout_forward(A, keep_prob, rng):
    mask = (rng.random(A.shape) < keep_prob) / keep_prob
    return A * mask, mask


@wrong("drops whole units, for all samples alike", says="rows of the mask")
def dropout_forward(A, keep_prob, rng):
    mask = (rng.random((*A.shape[:-1], 1)) < keep_prob) * np.ones(A.shape)
    return A * mask / keep_prob, mask


@wrong(
    "the same units for every sample of a layer, whatever the rng",
    says="they are the same",
    keeps=("test_dropout_forward",),
)
def dropout_forward(A, keep_prob, rng):
    mask = (np.random.default_rng(0).random(A.shape) < keep_prob).astype(float)
    return A * mask / keep_prob, mask


@wrong(
    "keeps exactly the right number",
    says="a chance of its own",
    keeps=("test_dropout_forward",),
)
def dropout_forward(A, keep_prob, rng):
    size = int(np.prod(A.shape))
    mask = np.zeros(size)
    mask[rng.permutation(size)[: round(keep_prob * size)]] = 1
    mask = mask.reshape(A.shape)
    return A * mask / keep_prob, mask


@wrong(
    "numpy's global generator",
    says="mask from the same rng",
    keeps=("test_dropout_forward",),
)
def dropout_forward(A, keep_prob, rng):
    mask = (np.random.random(A.shape) < keep_prob).astype(float)
    return A * mask / keep_prob, mask


@right("where")
def dropout_backward(dA, mask, keep_prob):
    return np.where(mask == 1, dA / keep_prob, 0)


@right("the mask rescaled first")
def dropout_backward(dA, mask, keep_prob):
    return np.multiply(dA, mask / keep_prob)


@wrong("forgets to rescale", says="`keep_prob` = 0.8")
def dropout_backward(dA, mask, keep_prob):
    return dA * mask


@wrong("forgets the mask", says="dropped entry")
def dropout_backward(dA, mask, keep_prob):
    return dA / keep_prob


@wrong("multiplies by keep_prob", says="times too small")
def dropout_backward(dA, mask, keep_prob):
    return dA * mask * keep_prob


@wrong("lets through what was dropped", says="dropped entry")
def dropout_backward(dA, mask, keep_prob):
    return dA * (1 - mask) / keep_prob


@wrong("rescales by 0.8, whatever keep_prob is", says="another keep_prob")
def dropout_backward(dA, mask, keep_prob):
    return dA * mask / 0.8


@right("in base 10")
def sample_log_uniform(low, high, size, rng):
    return 10 ** rng.uniform(np.log10(low), np.log10(high), size=size)


@right("a random part of the way, as a power")
def sample_log_uniform(low, high, size, rng):
    return low * (high / low) ** rng.random(size)


@wrong("uniform in the value", says="0.03 and 0.3")
def sample_log_uniform(low, high, size, rng):
    return rng.uniform(low, high, size)


@wrong("returns the logarithms", says="between low and high")
def sample_log_uniform(low, high, size, rng):
    return rng.uniform(np.log(low), np.log(high), size)


@wrong("two bases", says="fractions below")
def sample_log_uniform(low, high, size, rng):
    return np.exp(rng.uniform(np.log10(low), np.log10(high), size))


@wrong("evenly spread, in random order", says="not evenly spread")
def sample_log_uniform(low, high, size, rng):
    return rng.permutation(np.geomspace(low, high, size))


@wrong("whole powers of ten only", says="fractions below")
def sample_log_uniform(low, high, size, rng):
    exponents = rng.integers(round(np.log10(low)), round(np.log10(high)), size)
    return np.clip(10.0**exponents, low, high)


@wrong("numpy's global generator", says="draws from the same rng")
def sample_log_uniform(low, high, size, rng):
    return np.exp(np.random.uniform(np.log(low), np.log(high), size))


@equivalent(
    "dropout_forward",
    "mask = (rng.random(A.shape) < keep_prob).astype(float) → "
    "mask = (rng.random(A.shape) <= keep_prob).astype(float)",
    because="a draw that equals keep_prob exactly has probability 0",
)
def outputs_of_a_layer(rng):
    return rng.normal(size=(4, 6)), rng.uniform(0.1, 1), np.random.default_rng(rng.integers(2**32))
