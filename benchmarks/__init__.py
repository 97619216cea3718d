"""bgpwire and its peers, measured side by side: ``python -m benchmarks``; docs/benchmarks.md tells of each job.

Every contender runs in a process of its own (two implementations of bgpwire cannot share one honestly), the processes
take turns, and what counts is the median of their turns. Beside each time stand how many elements came out, so that
nobody is fast by doing less, the spread of the turns and the most memory the process had.

``table`` makes a full table, ``data`` the other inputs. ``jobs`` are what is asked, ``readers`` and ``programs`` who
reads archives, ``contender`` and ``turn`` one of them and its process. ``rounds`` calls them, ``instructions`` counts
for them, ``contents`` compares what they say, ``report`` and ``chart`` write it down.
"""
