#!/bin/sh
# Zig's archiver: the one of Linux writes an index that no linker of macOS reads.
exec "$ZIG_PYTHON" -m ziglang ar "$@"
