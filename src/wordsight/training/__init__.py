"""Training loops: passes over a corpus, minibatches, checkpoints, divergence."""
