"""The bold numbers of the syllabus: what each is, how the text says it, how a cell asserts it."""

WORKED = {
    "00_start_here": [
        ("the mean area", r"/ 4 = \\mathbf\{70\}", r"mean\.tolist\(\) == \[70, 3\]"),
        ("the mean number of rooms", r"/ 4 = \\mathbf\{3\}", r"mean\.tolist\(\) == \[70, 3\]"),
    ],
    "01_overview": [
        (
            "the network that must output 0 at x = 2",
            r"output 0 at \$x = 2\$.*\n?.*\n?.*3 \\cdot 2 - 6 = 0",
            r"neuron\(np\.array\(\[2\.0\]\), np\.array\(\[3\.0\]\), -6\.0\) == 0",
        ),
        (
            "the price of the worked house",
            r"3 \\cdot 100 \+ 10 \\cdot 4 - 1 \\cdot 30 \+ 20 = 330",
            r"neuron\(x, w, 20\) == 330",
        ),
        (
            "the step is 0 at 0",
            r"score of \*\*exactly 0\*\* .* says 0",
            r"step\(.*0\.0.*\[0, 0, 1\]",
        ),
        (
            "predict is 1 at p = 0.5",
            r"says 1 at a probability of exactly 0\.5",
            r"predict\(.* == 1",
        ),
        (
            "the mistakes of AND",
            r"\*\*\[1, 3, 3, 2, 1, 0\]\*\*",
            r"mistakes_and == \[1, 3, 3, 2, 1, 0\]",
        ),
        ("the weights of AND", r"w = \(2, 1\)\$, \$b = -2", r"w_and, \[2, 1\]\) and b_and == -2"),
        ("XOR is never learned", r"fails on XOR", r"mistakes_xor == \[2, 3, 4, 4"),
        ("three neurons compute XOR", r"three neurons can", r"xor_network\(X_logic\), Y_xor"),
        ("the rooms of eight flats", r"\\sqrt\{32 / 8\} = 2", r"mean == 5 and std == 2"),
    ],
    "02_logistic_regression": [
        ("the score of the worked example", r"z = .*\\mathbf\{6\}", r"z == 6"),
        ("sigmoid in the middle", r"\\sigma = \\mathbf\{0.5\}", r"sigmoid\(0\) == 0\.5"),
        ("sigmoid on the right", r"\\sigma \\to \\mathbf\{1\}", r"sigmoid\(1000\.0\) == 1"),
        ("sigmoid on the left", r"\\sigma \\to \\mathbf\{0\}", r"sigmoid\(-1000\.0\) == 0"),
        ("the steepest slope", r"0\.25", r"sigmoid_derivative\(0\) == 0\.25"),
    ],
    "03_loss": [
        (
            "right and certain, y = 0",
            r"y = 0\$, certain and right .* \*\*0\*\*",
            r"\[\[0\.0\]\]\)\) == 0",
        ),
        (
            "right and certain, y = 1",
            r"y = 1\$, certain and right .* \*\*0\*\*",
            r"\[\[1\.0\]\]\)\) == 0",
        ),
        (
            "wrong and certain, on paper",
            r"certain and wrong .* \*\*∞\*\*",
            r"log\(0\.0\) == np\.inf",
        ),
        ("wrong and certain, with the floor", r"27\.63", r"cross_entropy.*27\.63"),
        ("y = 1 and ŷ = 0.1", r"-\\ln 0\.1 = \\mathbf\{2\.3026\}", r"cross_entropy.*2\.3026"),
        ("the same to base 10", r"to base 10 it\s+would be 1", r"log10\(0\.1\), 1\)"),
        ("three classes are the identity", r"identity matrix", r"one_hot.*np\.eye\(3\)"),
    ],
    "04_gradient_descent": [
        ("3a at 2", r"f = \\mathbf\{6\}", r"triple\(2\) == 6"),
        ("3a at 2.001", r"\\mathbf\{2\.001\}.*\s.*\\mathbf\{6\.003\}", r"2\.001\), 6\.003\)"),
        ("slope of 3a at 2", r"= \\mathbf\{3\}", r"slope\(triple, 2\), 3\)"),
        ("slope of 3a at 5", r"the slope is \*\*3\*\* again", r"slope\(triple, 5\), 3\)"),
        ("a nudge of 0.001 at 5", r"5 \+ 0\.001 = 5\.001", r"triple\(5\.001\), 15\.003\)"),
        ("slope of a² at 2", r"a\^2\$ has slope \*\*4\*\* at 2", r"slope\(square, 2, .*, 4\)"),
        ("slope of a² at 5", r"and \*\*10\*\* at 5", r"slope\(square, 5, .*, 10\)"),
        ("slope of a³ at 2", r"a\^3\$ has slope \*\*12\*\* at 2", r"slope\(cube, 2, .*, 12\)"),
        ("slope of ln a at 2", r"slope \*\*1/2\*\* at 2", r"slope\(np\.log, 2, .*, 1 / 2\)"),
    ],
    "06_activations": [
        ("two layers are one: the weights", r"\\mathbf\{W = W_2 W_1\}", r"W, \[\[3, 5\]\]"),
        ("two layers are one: the bias", r"\\mathbf\{b = W_2 b_1 \+ b_2\}", r"b, \[\[6\]\]"),
        ("two layers are one, exactly", r"is \*one\* layer", r"array_equal\(two_layers, W @ X"),
        ("five slopes in a row", r"0\.02 = \\mathbf\{3\.75 ", r"prod\(slopes\), 3\.75e-6"),
        ("an exploding layer", r"0\.25 \\times 500 = \\mathbf\{125\}", r"0\.25 \* 500 == 125"),
        ("a leak", r"\$-10\$ becomes \$\\mathbf\{-0\.1\}", r"leaky_relu\(-10\), -0\.1"),
    ],
    "07_optimizers": [
        (
            "the average with β = 0.5",
            r"\\mathbf\{\\beta = 0\.5\}.*\n?.*\n?.*\\mathbf\{0\.5\\, v_1 \+ 0\.5\\, a_2\}",
            r"v\[1\] == 0\.5 \* v\[0\] \+ 0\.5 \* a\[1\]",
        ),
        (
            "RMSprop's β",
            r"\\mathbf\{\\beta = 0\.95\}",
            r"2 / np\.sqrt\(\(1 - 0\.95\) \* 2\*\*2\)",
        ),
        (
            "Adam's first step without bias correction",
            r"\\sqrt\{0\.001\}\} = \\mathbf\{3\.16\}",
            r"round\(first_step_too_large, 2\) == 3\.16",
        ),
    ],
    "05_propagation": [
        ("u", r"u = \\mathbf\{6\}", r"\(u\.value, v\.value, J\.value\) == \(6, 11, 33\)"),
        ("v", r"v = \\mathbf\{11\}", r"\(u\.value, v\.value, J\.value\) == \(6, 11, 33\)"),
        ("J", r"J = \\mathbf\{33\}", r"\(u\.value, v\.value, J\.value\) == \(6, 11, 33\)"),
        ("dv", r"\{dJ\}\{dv\} &= \\mathbf\{3\}", r"\(v\.grad, .* == \(3, 3, 3, 6, 9\)"),
        ("du", r"\{dJ\}\{du\} &=.*\\mathbf\{3\}", r"u\.grad, .* == \(3, 3, 3, 6, 9\)"),
        ("da", r"\{dJ\}\{da\} &=.*\\mathbf\{3\}", r"a\.grad, .* == \(3, 3, 3, 6, 9\)"),
        ("db", r"3 \\cdot c = \\mathbf\{6\}", r"b\.grad, .* == \(3, 3, 3, 6, 9\)"),
        ("dc", r"3 \\cdot b = \\mathbf\{9\}", r"c\.grad\) == \(3, 3, 3, 6, 9\)"),
        ("v nudged", r"\*\*11\.001\*\*: .*\*\*33\.003\*\*", r"11\.001, 3\) == 33\.003"),
        ("b nudged", r"\*\*3\.001\*\*: .*\*\*33\.006\*\*", r"3\.001, 2\), 3\) == 33\.006"),
        ("the hidden layer of 3-4-1", r"\\mathbf\{4, 3\}", r"W1 @ x \+ b1\)\.shape == \(4, 1\)"),
        ("its output layer", r"\\mathbf\{1, 4\}", r"z2\.shape == \(1, 1\)"),
        (
            "every shape of four layers",
            r"L = \\mathbf\{4\}.*\[\\mathbf\{3, 5, 5, 3, 1\}\]",
            r"\(\(5, 3\), \(5, 1\)\), .*\(\(3, 5\), \(3, 1\)\), \(\(1, 3\), \(1, 1\)\)",
        ),
    ],
    "08_convolutional_networks": [
        ("6×6 with 3×3", r"\\mathbf\{4 \\times 4\}", r"conv_output_size\(6, 3, .*\) == 4"),
        ("8 − 3 + 1", r"\\mathbf\{8 - 3 \+ 1 = 6\}", r"== 8 - 3 \+ 1 == 6"),
        ("padding keeps the size", r"\\mathbf\{6 \\to 6\}", r"6, 3, padding=1, stride=1\) == 6"),
        ("max pooling", r"\\mathbf\{5\}&\\mathbf\{7\}", r"\[\[5, 7\], \[3, 5\]\]"),
    ],
}
