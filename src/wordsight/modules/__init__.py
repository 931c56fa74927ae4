"""Networks and solvers that several models are built from."""
