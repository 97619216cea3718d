"""What a monitoring station does at the least: take the octets of connections, one after another, into a file.

    python3 bmp_sink.py ADDRESS PORT FILE

Nothing of them is looked at. It ends when it is told to.
"""

import socket
import sys
from pathlib import Path


def main() -> None:
    """Listen, and append what comes."""
    address, port, path = sys.argv[1:]
    with socket.create_server((address, int(port))) as listening, Path(path).open("wb", buffering=0) as out:
        while True:
            connection, _ = listening.accept()
            with connection:
                while octets := connection.recv(65536):
                    out.write(octets)


if __name__ == "__main__":
    main()
