import Glibc

/// Raises the limit of open files to the largest that the system allows.
///
/// When a cache is updated, the shards with its known clips are open files. Long clips, in hundreds
/// of shards each, soon exceed the usual limit of 1024. Source: Linux man-pages, setrlimit(2).
func openManyFiles() {
  var limit = rlimit()
  guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
  limit.rlim_cur = limit.rlim_max
  unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
}
