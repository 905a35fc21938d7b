/// Returns for each of `paths` the shortest suffix, in complete components, that no other one has;
/// the complete path if there is none.
///
/// For `runs/a/specgan`, `runs/b/specgan` and `runs/b/wavegan`, that is `a/specgan`, `b/specgan`
/// and `wavegan`.
package func shortestSuffixes(of paths: [String]) -> [String] {
  let components = paths.map { $0.split(separator: "/") }
  return paths.indices.map { index in
    let own = components[index]
    let others = components.indices.filter { $0 != index }.map { components[$0] }
    let length = own.indices.map { $0 + 1 }.first { length in
      !others.contains { $0.suffix(length) == own.suffix(length) }
    }
    return length.map { own.suffix($0).joined(separator: "/") } ?? paths[index]
  }
}
