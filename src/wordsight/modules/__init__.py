"""Parts of several models: networks and solvers."""
