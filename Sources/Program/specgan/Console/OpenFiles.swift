import Glibc

/// Raises the number of files that may be open to the most that the system allows.
///
/// Where a cache is made again, the shards that its known sounds lie in are open files: long
/// sounds, in hundreds of shards each, soon have more than the usual 1024. Source: Linux man-pages,
/// setrlimit(2).
func openManyFiles() {
  var limit = rlimit()
  guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
  limit.rlim_cur = limit.rlim_max
  unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
}
