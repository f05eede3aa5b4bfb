"""Rows as the bytes of an insert."""

import pyarrow as pa


def arrow_file(rows: pa.Table, compression: str | None) -> pa.Buffer:
    """Write rows as an Arrow file in memory.

    Args:
        rows: what is to be inserted.
        compression: of the file, such as "lz4", or none.
    """
    file = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression=compression)
    with pa.ipc.new_file(file, rows.schema, options=options) as writer:
        writer.write_table(rows)
    # Not as bytes: these an HTTP client sends again when its connection breaks, and so stores twice.
    return file.getvalue()
