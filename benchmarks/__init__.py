"""How fast nnlib is on the course's own work, next to PyTorch: `python -m benchmarks`."""
