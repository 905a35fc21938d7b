// The Winograd transforms.
#pragma once

/// A short filter along one axis, and the number of neighboring outputs that it computes at once.
/// In Winograd's notation it is F(m, r), for m outputs and r taps.
///
/// F(m, r) reads m + r − 1 inputs and has as many products, one for each point. The points of a
/// filter one tap shorter, for as many outputs, are the first of the longer one's.
typedef enum {
  specgan_one_tap,             // F(1, 1)
  specgan_three_taps_at_two,   // F(2, 3)
  specgan_two_taps_at_two,     // F(2, 2)
  specgan_four_taps_at_four,   // F(4, 4)
  specgan_three_taps_at_four,  // F(4, 3)
  specgan_filter_count
} specgan_filter;

/// The linear maps of `y = Aᵀ[(G k) ⊙ (Bᵀ x)]`, and their transposes.
typedef enum {
  specgan_input_transform,              // Bᵀ: inputs to points
  specgan_input_transform_transposed,   // B, added to the target
  specgan_kernel_transform,             // G: taps to points
  specgan_kernel_transform_transposed,  // Gᵀ, added to the target
  specgan_output_transform,             // Aᵀ: points to outputs
  specgan_output_transform_transposed   // A: outputs to points
} specgan_transform;

/// The strides of tiles: from line to line and from step to step within a tile, and from tile to
/// tile.
typedef struct {
  long line;
  long step;
  long tile;
} specgan_tile_strides;

/// The tiles that a transform reads.
typedef struct {
  const float *start;
  specgan_tile_strides strides;
} specgan_source_tiles;

/// The tiles that a transform writes.
typedef struct {
  float *start;
  specgan_tile_strides strides;
} specgan_target_tiles;

/// Applies a transform down and across to each of `tiles` tiles, with `channels` contiguous values
/// at each position.
///
/// Supports F(2, 3) and F(2, 2) in any pair, and F(1, 1) down with F(4, 4) or F(4, 3) across. Traps
/// on other pairs.
///
/// Source: Winograd, "Arithmetic Complexity of Computations", 1980; Lavin and Gray, "Fast
/// Algorithms for Convolutional Neural Networks", CVPR 2016.
void specgan_transform_tiles(specgan_transform transform, specgan_filter down,
                             specgan_filter across, specgan_source_tiles source,
                             specgan_target_tiles target, long tiles, long channels)
    __attribute__((swift_name("specgan_transform_tiles(_:down:across:from:to:tiles:channels:)")));
