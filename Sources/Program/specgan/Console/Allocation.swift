import CSpecGANLinux

/// Lets the C library keep up to 32 MiB of freed memory for the next allocation.
///
/// Each file that is read allocates and frees buffers of many sizes, from a few to a few hundred
/// KiB. By default the library returns them to the system, which must clear each page before it
/// hands it out again.
///
/// Source: Linux man-pages, mallopt(3).
func keepFreedMemory() {
  mallopt(M_TRIM_THRESHOLD, 32 << 20)
  mallopt(M_MMAP_THRESHOLD, 32 << 20)
}
