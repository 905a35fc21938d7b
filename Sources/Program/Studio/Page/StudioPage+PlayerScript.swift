extension StudioPage {
  /// Playing: voices, the limiter, and the level meter.
  static let playerScript = #"""
    // One pad alone has a peak of at most −4 dBFS and is not changed. A sum of pads is soft-clipped
    // above −3.1 dBFS (tanh) and stays below −1 dBFS. A waveshaper needs no look-ahead, so it adds
    // no delay.
    const padLevel = 10 ** (-3 / 20), ceiling = 10 ** (-1 / 20), knee = 0.7, span = 8;
    const bend = level => Math.abs(level) <= knee ? level
      : Math.sign(level) * (knee + (ceiling - knee) * Math.tanh((Math.abs(level) - knee) / (ceiling - knee)));
    let audio = null;
    // The output; made at the first touch of a key, because browsers allow none before.
    const output = () => {
      if (audio) {
        if (audio.context.state === "suspended") audio.context.resume();
        return audio;
      }
      const context = new AudioContext({latencyHint: "interactive"});
      const input = new GainNode(context, {gain: padLevel / span});
      const curve = new Float32Array(16385);
      for (let index = 0; index < curve.length; index++)
        curve[index] = bend(span * (2 * index / (curve.length - 1) - 1));
      const limiter = new WaveShaperNode(context, {curve, oversample: "none"});
      const analyser = new AnalyserNode(context, {fftSize: 2048});
      input.connect(limiter).connect(analyser).connect(context.destination);
      audio = {context, input, analyser};
      return audio;
    };
    const isAllowed = () => audio !== null || navigator.userActivation?.hasBeenActive === true;

    const voices = new Map();
    const mostVoices = 32;
    // Plays `buffer` at once; a voice ends the earlier one with its key. `since` is the time of the
    // event that caused it, in ms.
    const play = ({buffer}, key, {gain = 1, since = 0} = {}) => {
      if (!isAllowed()) return;
      const {context, input} = output();
      stop(key);
      if (voices.size >= mostVoices) stop(voices.keys().next().value);
      const source = new AudioBufferSourceNode(context, {buffer});
      const level = new GainNode(context, {gain});
      source.connect(level).connect(input);
      source.start();
      voices.set(key, {source, level});
      source.onended = () => { if (voices.get(key)?.source === source) voices.delete(key); };
      if (since > 0) {
        const delay = performance.now() - since;
        state.latencies.push({
          toStart: delay, output: 1000 * (context.baseLatency + (context.outputLatency || 0)),
        });
        if (state.latencies.length > 1000) state.latencies.shift();
      }
      watchLevel();
    };
    // Ends a voice within 8 ms.
    const stop = key => {
      const voice = voices.get(key);
      if (!voice) return;
      voices.delete(key);
      const now = audio.context.currentTime;
      voice.level.gain.setTargetAtTime(0, now, 0.002);
      voice.source.stop(now + 0.008);
    };

    // MARK: the meter

    const meter = $("meter"), meterBar = meter.firstElementChild;
    let isWatching = false, shownLevel = -60;
    const levelNow = () => {
      if (!audio) return -Infinity;
      const samples = new Float32Array(audio.analyser.fftSize);
      audio.analyser.getFloatTimeDomainData(samples);
      return 20 * Math.log10(samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0));
    };
    const watchLevel = () => {
      if (isWatching) return;
      isWatching = true;
      const step = () => {
        const level = levelNow();
        shownLevel = Math.max(level, shownLevel - 1.2, -60);
        meterBar.style.transform = `scaleX(${((shownLevel + 60) / 60).toFixed(3)})`;
        meter.setAttribute("aria-valuenow", shownLevel.toFixed(0));
        isWatching = voices.size > 0 || shownLevel > -60;
        if (isWatching) requestAnimationFrame(step);
      };
      requestAnimationFrame(step);
    };

    // MARK: drawing

    // Fits a canvas to its place and the pixels of the screen; returns its context, width, height.
    const fitted = canvas => {
      const scale = devicePixelRatio || 1;
      const width = canvas.clientWidth, height = canvas.clientHeight;
      if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
        canvas.width = Math.round(width * scale);
        canvas.height = Math.round(height * scale);
      }
      const pen = canvas.getContext("2d");
      pen.setTransform(scale, 0, 0, scale, 0, 0);
      pen.clearRect(0, 0, width, height);
      return {pen, width, height};
    };
    // A color of the style sheet, which a canvas does not know.
    const resolved = color => {
      const style = getComputedStyle(document.documentElement);
      return color.replace(/var\((--[a-z-]+)\)/g, (_, name) => style.getPropertyValue(name).trim());
    };
    const drawWave = (canvas, peaks, color, margin = 0) => {
      const {pen, width, height} = fitted(canvas);
      if (!peaks || width === 0) return;
      const step = (width - 2 * margin) / peaks.length, most = Math.max(...peaks, 1e-6);
      pen.fillStyle = resolved(color);
      for (let place = 0; place < peaks.length; place++) {
        const size = Math.max((peaks[place] / most) ** 0.7 * (height - 2 * margin), 1);
        pen.beginPath();
        pen.roundRect(margin + place * step, (height - size) / 2, Math.max(step * 0.62, 1), size, 1);
        pen.fill();
      }
    };
    """#
}
