// Generates new clips with a run that `specgan train` or `Run.train` has left.
//
//     sounds run 8 new-sounds

import Foundation
import SpecGAN

guard CommandLine.arguments.count == 4, let count = Int(CommandLine.arguments[2]) else {
  fatalError("Usage: sounds RUN COUNT FOLDER")
}
let folder = CommandLine.arguments[3]
try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)

let run = try Run(at: CommandLine.arguments[1])
print("\(run.settings.model) after \(run.step) steps")

// The same seed gives the same clips.
let clips = try run.generate(count: count, seed: 7)
for (index, clip) in clips.enumerated() {
  try clip.write(to: "\(folder)/\(index).wav")
}
print("\(clips.count) clips of \(clips.first?.frameCount ?? 0) frames in \(folder)")
