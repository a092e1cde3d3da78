#!/bin/sh
# Zig's C compiler for macOS, without what only Apple's understands: the target is said once, and there is no kit of Apple's.
# Objective-C needs that kit: as nothing is linked, an empty file stands for it.
passes_value=
for argument do
    shift
    if [ -n "$passes_value" ]; then
        passes_value=
        continue
    fi
    case $argument in
        -arch | -isysroot) passes_value=yes ;;
        --target=* | -mmacosx-version-min=* | -fmodules | -fobjc-arc | -ObjC) ;;
        *.m) set -- "$@" "$(dirname "$0")/empty.c" ;;
        *) set -- "$@" "$argument" ;;
    esac
done
exec "$ZIG_PYTHON" -m ziglang cc -target aarch64-macos "$@"
