"""protoc plugin: the grpc_python generator that lives inside grpcio-tools.

buf can call protoc's own generators (protoc_builtin) but not grpcio-tools'
--grpc_python_out, which is compiled into grpc_tools.protoc and has no
protoc-gen-* executable.
"""

import pathlib
import sys
import tempfile

from google.protobuf import descriptor_pb2
from google.protobuf.compiler import plugin_pb2
from grpc_tools import protoc


def main() -> None:
    """Answer one request of protoc's on standard input."""
    request = plugin_pb2.CodeGeneratorRequest.FromString(sys.stdin.buffer.read())
    response = plugin_pb2.CodeGeneratorResponse(
        supported_features=plugin_pb2.CodeGeneratorResponse.FEATURE_PROTO3_OPTIONAL
    )
    services = {f.name for f in request.proto_file if f.service}
    targets = [name for name in request.file_to_generate if name in services]
    with tempfile.TemporaryDirectory() as tmp:
        root = pathlib.Path(tmp)
        descriptors = root / "descriptors.binpb"
        descriptors.write_bytes(descriptor_pb2.FileDescriptorSet(file=request.proto_file).SerializeToString())
        out = root / "out"
        out.mkdir()
        if targets:
            option = f"{request.parameter}:" if request.parameter else ""
            code = protoc.main(
                ["protoc", f"--descriptor_set_in={descriptors}", f"--grpc_python_out={option}{out}", *targets]
            )
            if code:
                raise SystemExit(code)
        for path in sorted(out.rglob("*.py")):
            response.file.add(name=path.relative_to(out).as_posix(), content=path.read_text())
    sys.stdout.buffer.write(response.SerializeToString())


if __name__ == "__main__":
    main()
