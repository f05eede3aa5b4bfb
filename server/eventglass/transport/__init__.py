"""1. Wire: gRPC, Connect, gRPC-Web and JSON; auth, deadlines, errors and logging once for all."""
