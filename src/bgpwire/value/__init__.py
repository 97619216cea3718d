"""The half of each value that is not hot: text, ordering, JSON. Both kernels' classes inherit it."""
