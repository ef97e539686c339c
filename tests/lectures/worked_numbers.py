"""The bold numbers of the syllabus: what each is, how the text says it, how a cell asserts it."""

WORKED = {
    "02_logistic_regression": [
        ("the score of the worked example", r"z = .*\\mathbf\{6\}", r"z == 6"),
        ("sigmoid in the middle", r"\\sigma = \\mathbf\{0.5\}", r"sigmoid\(0\) == 0\.5"),
        ("sigmoid on the right", r"\\sigma \\to \\mathbf\{1\}", r"sigmoid\(1000\.0\) == 1"),
        ("sigmoid on the left", r"\\sigma \\to \\mathbf\{0\}", r"sigmoid\(-1000\.0\) == 0"),
        ("the steepest slope", r"0\.25", r"sigmoid_derivative\(0\) == 0\.25"),
    ],
}
