// The chat: on the assistant's own page, and as a button that a site puts on its pages:
//   <script src="https://…/passerelle.js" data-site="metz" defer></script>
// One custom element in a shadow root. Everything shown is made by the server; nothing is loaded
// from elsewhere, no cookie is set. Style and words are baked in by the server that gives this file.
"use strict";
(() => {
  const { style, mots } = /*BAKED*/ {};
  const script = document.currentScript;
  const base = new URL(script.src).origin;
  const MOST_SOUND_MS = 59000, SILENT_MS = 40000, LONGEST_WAIT_MS = 60000;

  // -- Small tools.
  const policy = (() => {
    try { return window.trustedTypes?.createPolicy("passerelle", { createHTML: (text) => text }); } catch { return null; }
  })();
  function parsed(html) {
    const box = document.createElement("template");
    box.innerHTML = policy ? policy.createHTML(html) : html;
    return box.content;
  }
  const once = () => [...crypto.getRandomValues(new Uint8Array(8))].map((b) => b.toString(16).padStart(2, "0")).join("");
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const stored = (site) => ({
    // A site may refuse storage: the conversation then lasts as long as its page.
    read() { try { return JSON.parse(localStorage.getItem(`passerelle:${site}`)) || {}; } catch { return {}; } },
    write(values) { try { localStorage.setItem(`passerelle:${site}`, JSON.stringify({ ...this.read(), ...values })); } catch { /* as said */ } },
  });

  // -- One conversation in a panel: the page's own, or the button's.
  class Chat {
    constructor(root, { key, site, store, closed, arrived, lost }) {
      Object.assign(this, { root, key, store, closed, arrived, lost });
      this.site = site;
      this.panel = root.querySelector(".passerelle");
      this.log = root.querySelector(".journal");
      this.field = root.querySelector("textarea");
      this.state = root.querySelector(".etat");
      this.waiting = root.querySelector(".attente");
      this.last = Number(this.panel.dataset.dernier);
      this.voice = this.panel.dataset.voix && navigator.mediaDevices?.getUserMedia && window.MediaRecorder;
      root.querySelectorAll(".nojs").forEach((part) => part.remove());
      if (store.read().gros !== undefined) this.size(store.read().gros);
      this.enable(root);
      this.panel.addEventListener("submit", (event) => this.submit(event));
      this.panel.addEventListener("click", (event) => this.click(event));
      this.field.addEventListener("keydown", (event) => {
        if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); event.target.form.requestSubmit(); }
      });
      this.log.scrollTop = this.log.scrollHeight;
      this.back = () => { if (!document.hidden) this.hurry?.(); };
      document.addEventListener("visibilitychange", this.back);
      this.follow();
    }

    // What needs a script, and this browser can do, is shown.
    enable(part) {
      part.querySelectorAll('a[href^="/"]').forEach((link) => { link.href = base + link.getAttribute("href"); });
      part.querySelectorAll("a[data-image]").forEach((link) => {
        // A site may allow no picture from here: the link to it stays.
        link.removeAttribute("data-image");
        const picture = Object.assign(new Image(), { alt: mots.photo_aide, className: "photo", src: link.href });
        picture.onerror = () => picture.remove();
        link.parentElement.before(picture);
      });
      const able = { position: "geolocation" in navigator, ecouter: "speechSynthesis" in window, parler: this.voice };
      part.querySelectorAll("[data-geste]").forEach((button) => {
        const can = able[button.dataset.geste];
        const hidden = button.closest(".js[hidden]");
        if (can && hidden) hidden.hidden = false;
      });
    }

    say(words) { this.state.textContent = words || this.note || ""; }

    async ask(path, body, type) {
      const headers = { Authorization: `Bearer ${this.key}`, "Content-Type": type || "application/json" };
      for (let attempt = 0; ; attempt++) {
        try {
          const answer = await fetch(base + path, { method: "POST", headers, body, credentials: "omit", cache: "no-store" });
          if (answer.ok) return true;
          if (answer.status === 401) { this.lost(); return false; }
          this.say((await answer.json().catch(() => ({}))).mot || mots.sans_reponse);
          return false;
        } catch {
          // The same message sent twice is one message: trying again does no harm.
          if (attempt === 2) { this.say(mots.sans_reponse); return false; }
          await pause(500 * 2 ** attempt);
        }
      }
    }

    async send(said) {
      this.say("");
      this.waiting.hidden = false;
      const sent = await this.ask("/web/message", JSON.stringify({ une: once(), ...said }));
      if (!sent) this.waiting.hidden = true;
      return sent;
    }

    async submit(event) {
      event.preventDefault();
      const button = event.submitter;
      if (button?.name === "bouton") { this.send({ bouton: button.value }); return; }
      if (button?.name === "taille") { this.size(!this.panel.classList.contains("gros")); return; }
      const text = this.field.value;
      if (!text.trim() || this.busy) { this.field.focus(); return; }
      this.busy = true;
      this.field.value = "";
      this.field.focus();
      const sent = await this.send({ texte: text });
      this.busy = false;
      if (!sent && !this.field.value) this.field.value = text;
    }

    click(event) {
      const button = event.target.closest("[data-geste]");
      if (!button) return;
      const acts = { fermer: () => this.closed(), position: () => this.locate(), ecouter: () => this.read(button), parler: () => this.speak(button) };
      acts[button.dataset.geste]?.();
    }

    size(big) {
      this.panel.classList.toggle("gros", big);
      this.root.querySelector('[data-geste="taille"]').textContent = big ? mots.moins_gros : mots.plus_gros;
      this.store.write({ gros: big });
      this.log.lastElementChild?.scrollIntoView({ block: "nearest" });
    }

    // The position: asked for on a tap only, to about 100 m.
    locate() {
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => this.send({ position: [coords.latitude, coords.longitude].map((x) => Math.round(x * 1000) / 1000) }),
        () => this.say(mots.position_refusee),
        { timeout: 15000, maximumAge: 60000 },
      );
    }

    // Reading aloud, by the browser's own voice.
    read(button) {
      const reading = button.getAttribute("aria-pressed") === "true";
      this.hush();
      if (reading) return;
      const text = button.closest(".message").querySelector(".texte").cloneNode(true);
      text.querySelectorAll(".invisible, .liens").forEach((part) => part.remove());
      text.querySelectorAll("p, li, td, th, strong, span, br").forEach((part) => part.after(". "));
      const voice = new SpeechSynthesisUtterance(text.textContent.replace(/\s*([.:!?…])?\s*(?:\.\s*)+/g, (_, mark) => `${mark || "."} `).trim());
      voice.lang = "fr-FR";
      voice.onend = voice.onerror = () => this.hush(button);
      button.setAttribute("aria-pressed", "true");
      button.textContent = mots.taire;
      speechSynthesis.speak(voice);
    }
    hush(only) {
      if (!only) window.speechSynthesis?.cancel();
      this.root.querySelectorAll('[data-geste="ecouter"][aria-pressed="true"]').forEach((button) => {
        if (only && only !== button) return;
        button.setAttribute("aria-pressed", "false");
        button.textContent = mots.ecouter;
      });
    }

    // Speaking: recorded between two taps, a minute at most, then sent and kept nowhere.
    async speak(button) {
      if (this.recorder) { this.recorder.stop(); return; }
      let sound;
      try { sound = await navigator.mediaDevices.getUserMedia({ audio: true }); } catch { this.say(mots.parler_refus); return; }
      const parts = [];
      const recorder = this.recorder = new MediaRecorder(sound, { audioBitsPerSecond: 32000 });
      const over = setTimeout(() => recorder.stop(), MOST_SOUND_MS);
      recorder.ondataavailable = (event) => parts.push(event.data);
      recorder.onstop = async () => {
        clearTimeout(over);
        sound.getTracks().forEach((track) => track.stop());
        this.recorder = null;
        button.setAttribute("aria-pressed", "false");
        button.textContent = mots.parler;
        this.say(mots.parler_lecture);
        this.waiting.hidden = false; // before it is sent: the answer may come first
        if (await this.ask(`/web/voix?une=${once()}`, new Blob(parts), "application/octet-stream")) this.say("");
        else this.waiting.hidden = true;
      };
      recorder.start();
      button.setAttribute("aria-pressed", "true");
      button.textContent = mots.parler_fin;
      this.say(mots.parler_ecoute);
    }

    // -- The live stream: it comes back by itself, from the last message shown.
    async follow() {
      for (let failures = 0; !this.over; failures++) {
        try {
          this.stop = new AbortController();
          const url = `${base}/web/flux?depuis=${this.last}`;
          const answer = await fetch(url, { headers: { Authorization: `Bearer ${this.key}` }, signal: this.stop.signal, credentials: "omit", cache: "no-store" });
          if (answer.status === 401) { this.lost(); return; }
          if (answer.ok) { if (failures > 1) this.say(""); failures = 0; await this.listen(answer.body); }
        } catch { /* cut: again */ }
        if (this.over) return;
        if (failures === 2) this.say(mots.hors_ligne);
        const wait = Math.min(1000 * 2 ** failures, LONGEST_WAIT_MS) * (0.5 + Math.random() / 2);
        await Promise.race([pause(wait), new Promise((now) => { this.hurry = now; })]);
        this.hurry = null;
      }
    }

    async listen(body) {
      const reader = body.pipeThrough(new TextDecoderStream()).getReader();
      let text = "", silence;
      try {
        for (;;) {
          clearTimeout(silence);
          silence = setTimeout(() => this.stop.abort(), SILENT_MS);
          const { value, done } = await reader.read();
          if (done) return;
          text += value;
          for (let end; (end = text.indexOf("\n\n")) >= 0; text = text.slice(end + 2)) this.event(text.slice(0, end));
        }
      } finally { clearTimeout(silence); }
    }

    event(block) {
      const said = {};
      for (const line of block.split("\n")) { const cut = line.indexOf(": "); if (cut > 0) said[line.slice(0, cut)] = line.slice(cut + 2); }
      if (!said.event) return;
      const data = JSON.parse(said.data);
      if (said.event === "message") this.show(Number(said.id), data);
      else if (said.event === "debut") this.drop(data);
      else if (said.event === "repos") this.waiting.hidden = data;
      else if (said.event === "etat") { this.note = data; this.say(""); this.store.write({ attend: Boolean(data) }); }
      else if (said.event === "ferme") { this.say(data); }
    }

    show(id, { html, de }) {
      if (id <= this.last) return;
      this.last = id;
      const part = parsed(html);
      this.enable(part);
      const message = part.firstElementChild;
      this.log.append(part);
      if (de !== "person") this.arrived?.();
      if (getComputedStyle(this.log).overflowY === "visible") message.scrollIntoView({ block: "start" });
      else this.log.scrollTop = de === "person" ? this.log.scrollHeight : message.offsetTop - 8;
    }

    drop(first) {
      for (const message of this.log.querySelectorAll(".message")) {
        const id = Number(message.dataset.id);
        if (id && id < first) message.remove();
      }
    }

    end() {
      this.over = true;
      document.removeEventListener("visibilitychange", this.back);
      this.stop?.abort();
      this.hurry?.();
      this.recorder?.stop();
      this.hush();
    }
  }

  // -- The assistant's own page.
  if (script.dataset.cle) {
    const panel = document.querySelector(".passerelle");
    if (panel) {
      const site = panel.dataset.site;
      document.body.classList.add("vif");
      const chat = new Chat(document, { key: script.dataset.cle, site, store: stored(`page:${site}`), lost: () => location.reload() });
      if (location.hash.startsWith("#m")) history.replaceState(null, "", location.pathname);
      window.addEventListener("pagehide", () => chat.end());
      window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
    }
    return;
  }

  // -- The button on a site's pages.
  const given = { ...script.dataset };
  const ATTRIBUTES = ["site", "titre", "couleur", "position", "question"];

  class Button extends HTMLElement {
    connectedCallback() {
      if (this.shadowRoot) return;
      const read = (name) => this.getAttribute(name) ?? given[name] ?? "";
      Object.assign(this, Object.fromEntries(ATTRIBUTES.map((name) => [`_${name}`, read(name)])));
      this._store = stored(this._site);
      const root = this.attachShadow({ mode: "open" });
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(style + this.colours());
      root.adoptedStyleSheets = [sheet];
      const zone = this._zone = document.createElement("div");
      zone.className = `zone ${this._position === "gauche" ? "gauche" : "droite"}`;
      const button = this._button = document.createElement("button");
      button.type = "button";
      button.className = "lanceur";
      button.textContent = this._titre || mots.ouvrir;
      button.setAttribute("aria-expanded", "false");
      button.setAttribute("aria-haspopup", "dialog");
      button.addEventListener("click", () => this.open(true));
      zone.append(button);
      root.append(zone);
      root.addEventListener("keydown", (event) => { if (event.key === "Escape" && this._box) { event.stopPropagation(); this.close(); } });
      const known = this._store.read();
      if (known.ouvert) this.open(false);
      else if (known.attend) this.open(false, true);
    }

    colours() {
      const colour = this._couleur;
      if (!/^#[0-9a-f]{6}$/i.test(colour)) return "";
      const [r, g, b] = [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16) / 255).map((x) => (x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4));
      const light = 0.2126 * r + 0.7152 * g + 0.0722 * b;
      // Whichever of black and white can be read on it.
      return `:host { --accent: ${colour}; --sur-accent: ${light > 0.179 ? "#000" : "#fff"}; }`;
    }

    async open(focus, hidden) {
      if (this._box || this._opening) { this.reveal(focus); return; }
      this._opening = true;
      try {
        const { cle } = this._store.read();
        const body = JSON.stringify({ site: this._site, cle, question: this._question });
        const answer = await fetch(`${base}/web/ouvrir`, { method: "POST", headers: { "Content-Type": "application/json" }, body, credentials: "omit", cache: "no-store" });
        const said = await answer.json().catch(() => ({}));
        if (!answer.ok) { this.apologise(said.mot || mots.hors_ligne); return; }
        this._word?.remove();
        this._store.write({ cle: said.cle });
        const box = this._box = document.createElement("div");
        box.className = "boite";
        box.setAttribute("role", "dialog");
        box.setAttribute("aria-label", mots.titre);
        box.hidden = Boolean(hidden);
        box.append(parsed(said.html));
        this._zone.prepend(box);
        this._chat = new Chat(box, {
          key: said.cle, site: this._site, store: this._store,
          closed: () => this.close(),
          arrived: () => { if (this._box?.hidden) this._button.textContent = mots.reponse_arrivee; },
          lost: () => { this._store.write({ cle: "" }); this.leave(); this.open(true); },
        });
        if (!hidden) this.reveal(focus);
      } catch { this.apologise(mots.hors_ligne); }
      finally { this._opening = false; }
    }

    apologise(words) {
      this._word?.remove();
      const word = this._word = document.createElement("p");
      word.className = "mot";
      word.setAttribute("role", "status");
      word.textContent = words;
      this._zone.prepend(word);
    }

    reveal(focus) {
      if (!this._box) return;
      this._box.hidden = false;
      this._button.hidden = true;
      this._button.textContent = this._titre || mots.ouvrir;
      this._button.setAttribute("aria-expanded", "true");
      this._store.write({ ouvert: true });
      this._chat.log.scrollTop = this._chat.log.scrollHeight;
      if (focus) this._chat.field.focus();
    }

    close() {
      this._button.hidden = false;
      this._button.setAttribute("aria-expanded", "false");
      this._button.focus();
      this._store.write({ ouvert: false });
      if (this._store.read().attend) this._box.hidden = true; // an answer may still come
      else this.leave();
    }

    leave() {
      this._chat?.end();
      this._box?.remove();
      this._box = this._chat = null;
    }

    disconnectedCallback() { this.leave(); }
  }

  if (!customElements.get("passerelle-aide")) customElements.define("passerelle-aide", Button);
  const place = () => { if (!document.querySelector("passerelle-aide")) document.body.append(document.createElement("passerelle-aide")); };
  if (document.body) place(); else document.addEventListener("DOMContentLoaded", place);
})();
