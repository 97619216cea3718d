"""Announces paths through GoBGP's gRPC interface; run inside the speaker's namespace, paths as JSON on standard input.

GoBGP's command line knows fewer families than its interface. The interface's definition comes from the Debian package
golang-github-osrg-gobgp-dev; compiling it takes grpcio-tools, from PyPI.
"""

import json
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

DEFINITION = Path("/usr/share/gocode/src/github.com/osrg/gobgp/api")
FILES = ("gobgp.proto", "attribute.proto", "capability.proto")


def compiled(folder: str) -> tuple[Any, Any]:
    """GoBGP's interface as two Python modules: messages and client."""
    from grpc_tools import protoc

    include = Path(protoc.__file__).parent / "_proto"
    flags = [f"-I{DEFINITION}", f"-I{include}", f"--python_out={folder}", f"--grpc_python_out={folder}"]
    if protoc.main(["protoc", *flags, *FILES]):
        raise SystemExit("GoBGP's interface definition does not compile")
    sys.path.insert(0, folder)
    import_module("attribute_pb2")
    return import_module("gobgp_pb2"), import_module("gobgp_pb2_grpc")


def announce(paths: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Add each path; what the daemon refused, with its reason."""
    import grpc
    from google.protobuf import json_format

    refused = []
    with tempfile.TemporaryDirectory() as folder:
        messages, client = compiled(folder)
        with grpc.insecure_channel("127.0.0.1:50051") as channel:
            stub = client.GobgpApiStub(channel)
            for path in paths:
                request = messages.AddPathRequest()
                json_format.ParseDict({"path": path}, request)
                try:
                    stub.AddPath(request, timeout=5)
                except grpc.RpcError as error:
                    refused.append({"nlri": json.dumps(path["nlri"]), "error": str(error.details())})
    return refused


if __name__ == "__main__":
    json.dump(announce(json.load(sys.stdin)), sys.stdout)
