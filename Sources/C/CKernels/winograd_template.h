// Included by winograd.c once for single values and once for vectors: TYPE is what lies at each
// position, and NAME(name) the names that are defined.

// Computes `target[a][b] = Σ down[a][i] across[b][j] source[i][j]`.
INLINE void NAME(position)(const matrix *down, const matrix *across, bool transposed,
                           bool accumulating, const float *source, specgan_tile_strides from,
                           float *target, specgan_tile_strides to) {
  TYPE lines[most][most];
#pragma unroll
  for (int i = 0; i < columns(down, transposed); i++) {
    TYPE inputs[most];
#pragma unroll
    for (int j = 0; j < columns(across, transposed); j++)
      inputs[j] = *(const TYPE *)(source + i * from.line + j * from.step);
#pragma unroll
    for (int b = 0; b < rows(across, transposed); b++) {
      TYPE sum = {0};
#pragma unroll
      for (int j = 0; j < columns(across, transposed); j++) {
        float factor = element(across, transposed, b, j);
        if (factor != 0) sum += factor * inputs[j];
      }
      lines[i][b] = sum;
    }
  }
#pragma unroll
  for (int a = 0; a < rows(down, transposed); a++) {
#pragma unroll
    for (int b = 0; b < rows(across, transposed); b++) {
      TYPE *result = (TYPE *)(target + a * to.line + b * to.step);
      TYPE sum = {0};
      if (accumulating) sum = *result;
#pragma unroll
      for (int i = 0; i < columns(down, transposed); i++) {
        float factor = element(down, transposed, a, i);
        if (factor != 0) sum += factor * lines[i][b];
      }
      *result = sum;
    }
  }
}

#undef NAME
#undef TYPE
