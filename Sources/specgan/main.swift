import Datasets
import Foundation
import Models
import Networks
import Tensors
import Training

let arguments = CommandLine.arguments
let dimension = Int(arguments[2])!
let batch = Int(arguments[3])!
let threads = Int(arguments[4])!
var network = NetworkConfiguration()
network.dimension = dimension
let gan = arguments[1] == "specgan" ? GAN.specGAN(network) : GAN.waveGAN(network)
var c = TrainingConfiguration()
c.batchSize = batch
let data = Tensor(shape: [batch] + gan.sampleShape)
data.withMutableSpan { s in for i in 0..<s.count { s[i] = Float.random(in: -1...1) } }
let engine = Engine(threads: threads)
let trainer = Trainer(gan, c, examples: StoredExamples(data), engine: engine)
var losses = trainer.takeStep()
func cpu() -> Double { Double(clock()) / Double(CLOCKS_PER_SEC) }
for i in 0..<4 {
  let w = Date(), p = cpu()
  trainer.updateCritic(i, &losses)
  print("critic", Date().timeIntervalSince(w), cpu() - p, losses)
}
for _ in 0..<3 {
  let w = Date(), p = cpu()
  let l = trainer.updateGenerator()
  print("generator", Date().timeIntervalSince(w), cpu() - p, l)
}
