"""Ways from one latent to another: straight lines, and SciPy's spherical interpolation of directions.

Shoemake, "Animating Rotation with Quaternion Curves", SIGGRAPH 1985. SciPy turns unit vectors; the norm is
interpolated beside them.

Run it with `tools/reference/record latent_paths`.
"""

import numpy
from scipy.spatial import geometric_slerp

import safetensors_file

COUNT = 7
LATENT = 12


def linear(start, end, positions):
    """Points of the line, [positions, latent]."""
    return (1 - positions[:, None]) * start + positions[:, None] * end


def spherical(start, end, positions):
    """Directions on the great circle, norms on the line between the ends'."""
    first, last = numpy.linalg.norm(start), numpy.linalg.norm(end)
    directions = geometric_slerp(start / first, end / last, positions)
    return linear(numpy.array([first]), numpy.array([last]), positions) * directions


def opposite(start, end, positions):
    """The half circle by way of the axis on which the first latent is smallest."""
    unit = start / numpy.linalg.norm(start)
    side = numpy.eye(len(start))[numpy.argmin(abs(unit))]
    middle = side - (side @ unit) * unit
    middle /= numpy.linalg.norm(middle)
    first, last = numpy.linalg.norm(start), numpy.linalg.norm(end)
    halves = [geometric_slerp(unit, middle, numpy.minimum(2 * positions, 1)),
              geometric_slerp(middle, -unit, numpy.maximum(2 * positions - 1, 0))]
    directions = numpy.where(positions[:, None] <= 0.5, *halves)
    return linear(numpy.array([first]), numpy.array([last]), positions) * directions


def main():
    random = numpy.random.default_rng(1985)
    drawn = random.uniform(-1, 1, [6, LATENT]).astype(numpy.float32)
    near = drawn[4] + 1e-3 * drawn[5]
    pairs = {
        "drawn": (drawn[0], drawn[1]), "of_other_norms": (drawn[2], 40 * drawn[3]),
        "near": (drawn[4], near), "nearly_opposite": (drawn[4], -near),
        "large": (1e30 * drawn[0], 1e30 * drawn[3]), "opposite": (drawn[5], -2 * drawn[5])}
    positions = numpy.linspace(0, 1, COUNT)
    tensors = {}
    for name, ends in pairs.items():
        start, end = (numpy.float32(vector) for vector in ends)
        tensors[f"{name}/ends"] = numpy.stack([start, end])
        start, end = start.astype(numpy.float64), end.astype(numpy.float64)
        turn = opposite if name == "opposite" else spherical
        tensors[f"{name}/linear"] = linear(start, end, positions)
        tensors[f"{name}/spherical"] = turn(start, end, positions)
    safetensors_file.write("latent_paths.safetensors", tensors, seed=1985)


if __name__ == "__main__":
    main()
