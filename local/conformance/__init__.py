"""Loading the app through Microsoft's own Python runtime, which Azure runs and which needs Python 3.13."""
