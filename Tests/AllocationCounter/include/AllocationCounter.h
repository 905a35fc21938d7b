// Counts the heap blocks that a thread asks for.
//
// An executable that links this gets its memory through functions of its own, which forward to the
// C library's.

#pragma once

/// Heap blocks that were asked for.
typedef struct {
  /// How many.
  long count;
  /// Bytes of the largest.
  long largest;
} specgan_allocations;

/// Starts counting what the calling thread asks for.
void specgan_count_allocations(void);

/// Stops counting, and says what the calling thread asked for since.
specgan_allocations specgan_counted_allocations(void);
