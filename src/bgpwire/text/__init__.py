"""Routes as text: one module a format, each with a ``formatter()`` that gives a function from Route to text."""
