#pragma once
#include <mpi.h>
#include <stddef.h>
#include <stdint.h>

// Swift does not import the handles of Open MPI, which are addresses of structures that its header
// does not define. MPICH's are integers.

/// A pending message.
typedef struct {
  /// An MPI_Request.
  uintptr_t request;
} specgan_message;

/// Starts MPI for calls from one thread at a time. Calls report errors instead of ending the
/// process.
static inline int specgan_mpi_start(void) {
  int provided = 0;
  int status = MPI_Init_thread(NULL, NULL, MPI_THREAD_SERIALIZED, &provided);
  if (status != MPI_SUCCESS) return status;
  if (provided < MPI_THREAD_SERIALIZED) return MPI_ERR_OTHER;
  return MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
}

static inline int specgan_mpi_rank(int *rank) { return MPI_Comm_rank(MPI_COMM_WORLD, rank); }

static inline int specgan_mpi_size(int *size) { return MPI_Comm_size(MPI_COMM_WORLD, size); }

static inline int specgan_mpi_send(const void *bytes, int count, int rank, int tag,
                                   specgan_message *message) {
  MPI_Request request = MPI_REQUEST_NULL;
  int status = MPI_Isend(bytes, count, MPI_BYTE, rank, tag, MPI_COMM_WORLD, &request);
  message->request = (uintptr_t)request;
  return status;
}

static inline int specgan_mpi_receive(void *bytes, int count, int rank, int tag,
                                      specgan_message *message) {
  MPI_Request request = MPI_REQUEST_NULL;
  int status = MPI_Irecv(bytes, count, MPI_BYTE, rank, tag, MPI_COMM_WORLD, &request);
  message->request = (uintptr_t)request;
  return status;
}

/// Receives a byte that any rank has sent with `tag`; `rank` is negative if none has arrived.
static inline void specgan_mpi_take(unsigned char *byte, int tag, int *rank) {
  MPI_Status status;
  int has_arrived = 0;
  *rank = -1;
  if (MPI_Iprobe(MPI_ANY_SOURCE, tag, MPI_COMM_WORLD, &has_arrived, &status) != MPI_SUCCESS ||
      !has_arrived)
    return;
  int source = status.MPI_SOURCE;
  if (MPI_Recv(byte, 1, MPI_BYTE, source, tag, MPI_COMM_WORLD, &status) == MPI_SUCCESS)
    *rank = source;
}

static inline int specgan_mpi_test(specgan_message *message, int *is_done) {
  MPI_Request request = (MPI_Request)message->request;
  int status = MPI_Test(&request, is_done, MPI_STATUS_IGNORE);
  message->request = (uintptr_t)request;
  return status;
}

static inline void specgan_mpi_abort(int status) { MPI_Abort(MPI_COMM_WORLD, status); }

static inline int specgan_mpi_end(void) { return MPI_Finalize(); }
