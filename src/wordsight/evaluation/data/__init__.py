"""What tasks are asked on: rated pairs, candidates, labelled documents."""
