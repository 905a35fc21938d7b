/// The SHA-256 of ``pageScript``; see ``PageScript``.
let pageScriptDigest: StaticString = "sha256-0pmQSBC2IsLb0WzUj0f+iWssb+iIx2BujkYodyJW5R8="

/// An optional script: it lets only one player play at a time, and shows a chart's values at the
/// pointer.
let pageScript: StaticString = """
  "use strict";
  addEventListener("play", event => {
    for (const player of document.querySelectorAll("audio"))
      if (player !== event.target) player.pause();
  }, true);
  for (const figure of document.querySelectorAll("figure.chart")) {
    const svg = figure.querySelector("svg"), output = figure.querySelector("output");
    const cursor = figure.querySelector(".cursor");
    if (!svg || !output || !cursor) continue;
    const [left, top, width, height] = svg.dataset.frame.split(" ").map(Number);
    const axis = text => {
      const [lowest, highest, isLogarithmic] = text.split(" ").map(Number);
      return at => {
        const value = lowest + at * (highest - lowest);
        return isLogarithmic ? 10 ** value : value;
      };
    };
    const x = axis(svg.dataset.x), y = axis(svg.dataset.y);
    const curves = [...svg.querySelectorAll("path.strong")].map(path => ({
      name: path.dataset.name,
      points: (path.getAttribute("d").match(/[\\d.-]+ [\\d.-]+/g) || [])
        .map(point => point.split(" ").map(Number)),
    })).filter(curve => curve.points.length > 0);
    svg.addEventListener("pointermove", event => {
      const box = svg.getBoundingClientRect();
      const at = (event.clientX - box.left) * svg.viewBox.baseVal.width / box.width;
      const near = curves.map(curve => ({
        name: curve.name,
        point: curve.points.reduce((a, b) => Math.abs(b[0] - at) < Math.abs(a[0] - at) ? b : a),
      }));
      if (near.length === 0) return;
      const place = near[0].point[0], over = x((place - left) / width);
      const shown = svg.dataset.whole ? Math.round(over) : Number(over.toPrecision(3));
      output.textContent = svg.dataset.title + " " + shown + ": " + near.map(
        ({name, point}) => (near.length > 1 ? name + " " : "")
          + Number(y(1 - (point[1] - top) / height).toPrecision(4))).join(", ");
      cursor.setAttribute("x1", place);
      cursor.setAttribute("x2", place);
      cursor.style.visibility = "visible";
    });
    svg.addEventListener("pointerleave", () => {
      output.textContent = "";
      cursor.style.visibility = "hidden";
    });
  }
  """
