"""All TLVs of the BGP-LS attribute in one table for each IGP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bgpwire.bgp_ls import srv6
from bgpwire.bgp_ls.link import link_table
from bgpwire.bgp_ls.node import node_table
from bgpwire.bgp_ls.prefix import prefix_table
from bgpwire.bgp_ls.protocol import Igp
from bgpwire.bgp_ls.sr_policy import SR_POLICY
from bgpwire.bgp_ls.te_path import PATH_ATTRIBUTES
from bgpwire.field import tlvs

if TYPE_CHECKING:
    from bgpwire.field import Table


def _attribute_table(igp: Igp | None) -> Table:
    return {
        **node_table(igp),
        **link_table(igp),
        **prefix_table(igp),
        **PATH_ATTRIBUTES,
        **SR_POLICY,
        **srv6.SID,
    }


ATTRIBUTE_TABLES: Final[dict[Igp | None, Table]] = {igp: _attribute_table(igp) for igp in (None, *Igp)}
"""The row of every attribute TLV, by the IGP whose flags it has; ``None``: those flags stay numbers."""
ATTRIBUTE_FIELDS: Final = {igp: tlvs(table) for igp, table in ATTRIBUTE_TABLES.items()}
