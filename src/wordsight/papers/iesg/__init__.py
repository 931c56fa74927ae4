"""The tables of IESG: matching words and images, similarity, errors."""
