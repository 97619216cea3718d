"""Archives: every route's prefix, AS path, next hop and communities, in a loop and as columns; lines; counts."""

from __future__ import annotations

from benchmarks.contender import ROUTES, Job
from benchmarks.data import archive, sixes, table, table6
from benchmarks.programs import BGPDUMP, PLAIN_C, STATS, TEXT
from benchmarks.readers import OURS, PEERS

EVERYONE = (*OURS, *PEERS, BGPDUMP, *PLAIN_C)

JOBS = {
    "routes": Job(
        "A RIS archive of 41,234 routes, gzip included: prefix, AS path, next hop, communities of each",
        ROUTES,
        archive,
        EVERYONE,
    ),
    "table": Job("A full table, TABLE_DUMP_V2: 1,000,000 IPv4 prefixes of two peers each", ROUTES, table, EVERYONE),
    "table6": Job("An IPv6 table, TABLE_DUMP_V2: 200,000 prefixes of two peers each", ROUTES, table6, EVERYONE),
    "updates": Job("UPDATEs of six prefixes each, BGP4MP_ET: 1,000,000 routes", ROUTES, sixes, EVERYONE),
    "text": Job("The IPv6 table as lines, whole processes, output thrown away", ROUTES, table6, TEXT),
    "stats": Job("The IPv6 table counted, whole processes", ROUTES, table6, STATS),
}
