/* What Rust programs ask of bcryptprimitives.dll, which Wine 8 does not have: random bytes, by the older name of the same
   generator (RtlGenRandom in advapi32). */

__declspec(dllimport) unsigned char __stdcall SystemFunction036(void *bytes, unsigned long length);

__declspec(dllexport) int __stdcall ProcessPrng(unsigned char *bytes, unsigned long long length) {
    while (length > 0) {
        unsigned long part = length > 0x10000000 ? 0x10000000 : (unsigned long)length;
        if (!SystemFunction036(bytes, part)) {
            return 0;
        }
        bytes += part;
        length -= part;
    }
    return 1;
}
