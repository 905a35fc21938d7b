internal import SpecGANPages

/// The script of a ``ClipPage``: playing, starring and naming clips, and their list.
///
/// One player plays all clips, so that a browser decodes only what is heard. Stars and names are
/// stored under the digest of the clips; without storage the page works until it is closed.
let clipPageScript = PageScript(
  """
  "use strict";
  {
    const find = (selector, within = document) => within.querySelector(selector);
    const list = find(".clips"), about = list.dataset;
    // All clips, in the order in which they were generated, and in that in which they are shown.
    const cards = [...list.children];
    let order = cards, current = null;
    const numberOf = card => Number(card.dataset.number);

    // Stars and names, as they are stored.

    const stars = new Set(), names = new Map(), key = "specgan clips " + about.key;
    let isStored = true;
    const readStored = text => {
      const stored = JSON.parse(text || "{}");
      const numbers = new Set(cards.map(numberOf));
      for (const number of stored.stars || []) if (numbers.has(number)) stars.add(number);
      if (stored.names) names.clear();
      for (const [number, name] of stored.names || []) if (numbers.has(number)) names.set(number, String(name));
    };
    const unstored = "This browser does not keep stars and names of pages from disk. Save the list before you close the page.";
    for (const card of cards)
      if (card.dataset.name) names.set(numberOf(card), card.dataset.name);
    try {
      readStored(localStorage.getItem(key));
    } catch (error) {
      isStored = !(error instanceof DOMException);
    }
    // Messages.

    let timer = 0;
    const say = text => {
      const message = find(".message");
      message.textContent = text;
      message.classList.add("shown");
      clearTimeout(timer);
      timer = setTimeout(() => message.classList.remove("shown"), 5000);
    };

    const store = () => {
      try {
        localStorage.setItem(key, JSON.stringify({ stars: [...stars], names: [...names] }));
      } catch (error) {
        if (isStored) say(unstored);
        isStored = false;
      }
    };

    // Playing.

    const audio = new Audio();
    let playing = null;
    const stop = () => {
      audio.pause();
      if (playing) playing.classList.remove("playing");
      playing = null;
    };
    const follow = () => {
      if (!playing) return;
      const head = find(".head", playing);
      if (head && audio.duration)
        head.style.setProperty("--at", playing.clientWidth * audio.currentTime / audio.duration + "px");
      requestAnimationFrame(follow);
    };
    const play = (button, source) => {
      stop();
      playing = button;
      button.classList.add("playing");
      if (audio.src !== source) audio.src = source;
      audio.currentTime = 0;
      audio.play().then(follow, error => {
        if (error.name === "AbortError") return;
        stop();
        say(error.name === "NotAllowedError"
          ? "The browser waits for a click or a key before it plays." : "This browser cannot play the clip.");
      });
    };
    audio.addEventListener("ended", stop);
    const playClip = card => play(find(".play", card), card.dataset.sound);
    const playReal = card => {
      const button = find("button.real", card);
      if (!button) return say("The nearest training clip of this one cannot be played.");
      play(button, find(".reals [data-slice='" + button.dataset.slice + "']").dataset.sound);
    };

    // The current clip, whose buttons alone are reached with the tab key.

    const setTabbable = (card, isTabbable) => {
      for (const button of card.querySelectorAll("button")) button.tabIndex = isTabbable ? 0 : -1;
    };
    const choose = card => {
      if (current === card) return;
      if (current) {
        current.removeAttribute("aria-current");
        setTabbable(current, false);
      }
      current = card;
      if (!card) return;
      card.setAttribute("aria-current", "true");
      setTabbable(card, true);
    };
    const reach = card => {
      if (!card) return;
      choose(card);
      find(".play", card).focus({ preventScroll: true });
      card.scrollIntoView({ block: "nearest" });
      if (find(".auto").getAttribute("aria-pressed") === "true") playClip(card);
    };
    const visible = () => order.filter(card => !card.hidden);
    const step = count => {
      const all = visible(), place = all.indexOf(current);
      reach(all[Math.max(0, Math.min(all.length - 1, place + count))]);
    };
    const columns = () => {
      const all = visible();
      return Math.max(1, all.findIndex(card => card.offsetTop > all[0].offsetTop));
    };

    // Stars, names and the list.

    const clean = text => text.replace(/[\\u0000-\\u001f\\u007f\\u2028\\u2029]+/g, " ").trim();
    const starred = () => cards.filter(card => stars.has(numberOf(card)));
    const counted = count => count + (count === 1 ? " clip" : " clips");
    const text = () => ["# " + stars.size + " starred of " + clean(document.title), about.source, "# " + clean(about.command)]
      .concat(starred().map(card => {
        const name = names.get(numberOf(card));
        return numberOf(card) + (name ? "\\t" + name : "");
      })).join("\\n") + "\\n";
    const show = card => {
      const isStarred = stars.has(numberOf(card)), name = names.get(numberOf(card));
      find(".star", card).setAttribute("aria-pressed", isStarred);
      const button = find(".name", card);
      button.textContent = name || "+ name";
      button.classList.toggle("none", !name);
      button.setAttribute("aria-label", name ? "Rename " + name + ", " + button.dataset.spoken : "Name " + button.dataset.spoken);
    };
    const refresh = () => {
      find(".count").textContent = stars.size ? "★ " + stars.size + " of " + counted(cards.length) : counted(cards.length);
      find(".list").textContent = text();
      const isFiltered = find(".filter").getAttribute("aria-pressed") === "true";
      for (const card of cards) card.hidden = isFiltered && !stars.has(numberOf(card));
      find(".nothing").hidden = cards.some(card => !card.hidden);
    };
    // The same page in another tab has stored its stars and names.
    addEventListener("storage", event => {
      if (event.key !== key || !event.newValue) return;
      stars.clear();
      readStored(event.newValue);
      cards.forEach(show);
      refresh();
      if (current?.hidden) choose(visible()[0] || null);
    });
    const star = card => {
      if (!card) return;
      const number = numberOf(card), all = visible(), place = all.indexOf(card);
      if (!stars.delete(number)) stars.add(number);
      show(card);
      store();
      refresh();
      if (card.hidden) {
        const rest = visible();
        choose(rest[Math.min(place, rest.length - 1)] || null);
        if (current) find(".play", current).focus({ preventScroll: true });
      }
    };
    const rename = card => {
      if (!card || find("input", card)) return;
      const button = find(".name", card), input = document.createElement("input");
      let isOpen = true;
      const close = isKept => {
        if (!isOpen) return;
        isOpen = false;
        const name = clean(input.value), hadFocus = document.activeElement === input;
        if (isKept) {
          if (name) names.set(numberOf(card), name); else names.delete(numberOf(card));
          store();
        }
        input.remove();
        button.hidden = false;
        show(card);
        refresh();
        if (hadFocus) find(".play", card).focus({ preventScroll: true });
      };
      input.value = names.get(numberOf(card)) || "";
      input.maxLength = 60;
      input.setAttribute("aria-label", "Name of " + button.dataset.spoken);
      input.addEventListener("keydown", event => {
        event.stopPropagation();
        if (event.isComposing || !["Enter", "Escape"].includes(event.key)) return;
        event.preventDefault();
        close(event.key === "Enter");
      });
      input.addEventListener("blur", () => close(true));
      button.hidden = true;
      button.after(input);
      input.focus();
      input.select();
    };
    const isAnyStarred = () => {
      if (stars.size === 0) say("Star a clip first, with s.");
      return stars.size > 0;
    };
    const save = () => {
      if (!isAnyStarred()) return;
      const link = document.createElement("a");
      link.href = "data:text/plain;charset=utf-8," + encodeURIComponent(text());
      link.download = about.list;
      link.click();
      say("Saved " + counted(stars.size) + " as " + about.list + ".");
    };
    const copy = async () => {
      if (!isAnyStarred()) return;
      let isCopied = true;
      try {
        await navigator.clipboard.writeText(text());
      } catch (error) {
        getSelection().selectAllChildren(find(".list"));
        isCopied = document.execCommand("copy");
        getSelection().removeAllRanges();
      }
      say(isCopied ? "Copied a list of " + counted(stars.size) + "."
        : "This browser does not let the page copy. Select the list at the end of the page.");
    };

    // Controls.

    const toggle = button => {
      const isOn = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", isOn);
      return isOn;
    };
    const filter = () => {
      toggle(find(".filter"));
      refresh();
      const all = visible();
      if (!all.includes(current)) choose(all[0] || null);
    };
    const switchAuto = () => say(toggle(find(".auto")) ? "Each clip plays when you select it." : "Clips play only when you press Space.");
    const sort = name => {
      const value = card => card.dataset[name] === "" ? (name === "score" ? -Infinity : Infinity) : Number(card.dataset[name]);
      const compare = {
        label: (a, b) => a.dataset.label.localeCompare(b.dataset.label),
        score: (a, b) => value(b) - value(a) || 0,
        distance: (a, b) => value(a) - value(b) || 0,
      }[name];
      order = compare ? [...cards].sort(compare) : cards;
      list.append(...order);
    };
    const help = find(".help");
    const actions = {
      save, copy, filter, auto: switchAuto, "help-button": () => help.showModal(), close: () => help.close(),
    };
    addEventListener("click", event => {
      const button = event.target.closest("button"), card = event.target.closest(".clip");
      if (card) choose(card);
      if (!button) return;
      if (!card) return actions[button.classList[0]]?.();
      if (button.matches(".play")) playClip(card);
      else if (button.matches(".star")) star(card);
      else if (button.matches(".name")) rename(card);
      else if (button.matches(".real")) playReal(card);
    });
    find(".order").addEventListener("change", event => sort(event.target.value));
    list.addEventListener("focusin", event => choose(event.target.closest(".clip")));

    const keys = {
      ArrowRight: () => step(1), j: () => step(1), ArrowLeft: () => step(-1), k: () => step(-1),
      ArrowDown: () => step(columns()), ArrowUp: () => step(-columns()),
      Home: () => step(-cards.length), End: () => step(cards.length),
      " ": () => current && playClip(current), r: () => current && playReal(current), Escape: stop,
      s: () => star(current), n: () => rename(current),
      f: filter, a: switchAuto, e: save, c: copy, "?": () => help.showModal(),
    };
    const isSpaceOfPage = event => {
      const button = event.target.closest?.("button");
      return !button || button.matches(".play");
    };
    addEventListener("keydown", event => {
      const { key } = event;
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || help.open) return;
      if (event.target.closest?.("input, select") || !Object.hasOwn(keys, key)) return;
      if (key === " " && !isSpaceOfPage(event)) return;
      if (event.target.closest?.(".list") && /^(Arrow|Home|End)/.test(key)) return;
      event.preventDefault();
      if (event.repeat && !/^(Arrow|j$|k$)/.test(key)) return;
      keys[key]();
    });
    // A button in focus would be pressed once more.
    addEventListener("keyup", event => {
      if (event.key === " " && event.target.closest?.(".play")) event.preventDefault();
    });

    for (const card of cards) {
      setTabbable(card, false);
      show(card);
    }
    if (!isStored) find(".storage").textContent = unstored;
    choose(cards[0] || null);
    refresh();
  }
  """, digest: "sha256-lUbUV+cD3SFlsi8AHgRc6/ASiIAGroKD2bvIdGn+9sE=")
