"""bgpwire and its peers, timed side by side: one file a question, ``python -m benchmarks`` runs them all.

Every contender runs in a process of its own (two implementations of bgpwire cannot share one honestly), the
processes take turns, and what counts is the median of their turns. Beside each time stands how many elements
came out, so that nobody is fast by doing less.
"""
