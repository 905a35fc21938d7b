import CSpecGANLinux

/// Tells the C library to keep memory that was freed for the next to ask for it, up to 32 MiB.
///
/// Buffers of many sizes, a few to a few hundred KiB, come and go with each file that is read. Left
/// to itself the library gives them back to the system, which must clear each page before it lends
/// it again.
///
/// Source: Linux man-pages, mallopt(3).
func keepFreedMemory() {
  mallopt(M_TRIM_THRESHOLD, 32 << 20)
  mallopt(M_MMAP_THRESHOLD, 32 << 20)
}
