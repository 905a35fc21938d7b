public import Networks
public import SpecGANTensors
internal import Testing

extension Golden {
  /// Returns the tensor `name`.
  public func tensor(_ name: String) throws -> Tensor {
    Tensor(shape: shape(name), try floats(name))
  }

  /// Returns the values of every parameter of `layout`, each under its name behind `prefix`.
  public func parameters(_ layout: ParameterLayout, prefix: String = "") throws -> Parameters {
    let parameters = Parameters(layout)
    for (name, slice) in parameters.slices {
      let values = try floats(prefix + name)
      #expect(shape(prefix + name) == slice.shape)
      slice.withMutableSpan { span in
        for index in 0..<span.count { span[index] = values[index] }
      }
    }
    return parameters
  }
}
