"""IANA "BGP Error (Notification) Codes", and the sub-codes that decoders report or compare.

Those of an UPDATE stand in :mod:`bgpwire.errors`, the names that are shown in ``message/notification_names.py``.
"""

from __future__ import annotations

from typing import Final

MESSAGE_HEADER_ERROR: Final = 1
OPEN_MESSAGE_ERROR: Final = 2
UPDATE_MESSAGE_ERROR: Final = 3
HOLD_TIMER_EXPIRED: Final = 4
FINITE_STATE_MACHINE_ERROR: Final = 5
CEASE: Final = 6
ROUTE_REFRESH_MESSAGE_ERROR: Final = 7
SEND_HOLD_TIMER_EXPIRED: Final = 8
LOSS_OF_LSDB_SYNCHRONIZATION: Final = 9

# Sub-codes of MESSAGE_HEADER_ERROR (RFC 4271 section 6.1)
CONNECTION_NOT_SYNCHRONIZED: Final = 1
BAD_MESSAGE_LENGTH: Final = 2
BAD_MESSAGE_TYPE: Final = 3

# Sub-codes of OPEN_MESSAGE_ERROR (RFC 4271 section 6.2, RFC 9234 section 4.2)
UNSPECIFIC: Final = 0
UNSUPPORTED_VERSION_NUMBER: Final = 1
BAD_PEER_AS: Final = 2
BAD_BGP_IDENTIFIER: Final = 3
UNSUPPORTED_OPTIONAL_PARAMETER: Final = 4
UNACCEPTABLE_HOLD_TIME: Final = 6
UNSUPPORTED_CAPABILITY: Final = 7  # RFC 5492 section 5
ROLE_MISMATCH: Final = 11

# Sub-codes of CEASE (RFC 4486, RFC 8538 section 3)
MAXIMUM_NUMBER_OF_PREFIXES_REACHED: Final = 1
ADMINISTRATIVE_SHUTDOWN: Final = 2
ADMINISTRATIVE_RESET: Final = 4
HARD_RESET: Final = 9

# Sub-codes of ROUTE_REFRESH_MESSAGE_ERROR (RFC 7313 section 5)
INVALID_MESSAGE_LENGTH: Final = 1
