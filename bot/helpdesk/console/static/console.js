// Live pages, keys, ready answers. Every page works without this file.
"use strict";
(() => {
  const announce = (words) => { document.getElementById("annonce").textContent = words; };

  // -- Live regions: the page reads itself again when the server says that something changed.
  let busy = false, again = false;
  async function refresh() {
    if (busy) { again = true; return; }
    busy = true;
    try {
      const answer = await fetch(location.href, { headers: { "X-Live": "1" }, cache: "no-store" });
      if (answer.status === 401) { location.reload(); return; }
      if (answer.status !== 200) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      let said = "";
      for (const region of document.querySelectorAll("[data-live]")) {
        const next = fresh.getElementById(region.id);
        if (!next || next.innerHTML === region.innerHTML) continue;
        const focused = document.activeElement;
        if (region.contains(focused) && focused.matches("input, select, textarea")) continue;
        const open = [...region.querySelectorAll("details")].map((d) => d.open);
        const place = focused && region.contains(focused) ? focused.getAttribute("href") || focused.dataset.touche : null;
        const wasList = region.id === "liste" ? region.querySelectorAll(".carte").length : 0;
        const wasMessages = region.id === "messages" ? region.querySelectorAll("li:not(.fait)").length : 0;
        region.innerHTML = next.innerHTML;
        region.querySelectorAll("details").forEach((d, i) => { d.open = open[i] || false; });
        if (place) (region.querySelector(`[href="${CSS.escape(place)}"]`) || region.querySelector(`[data-touche="${CSS.escape(place)}"]`))?.focus();
        if (region.id === "liste" && region.querySelectorAll(".carte").length > wasList) said = "Une demande de plus dans la liste.";
        if (region.id === "messages" && region.querySelectorAll("li:not(.fait)").length > wasMessages) said = "Un nouveau message.";
      }
      keepShortcuts();
      if (said) announce(said);
    } catch { /* offline: the stream comes back by itself */ }
    finally { busy = false; if (again) { again = false; refresh(); } }
  }
  const stream = document.body.dataset.flux;
  if (stream && window.EventSource) {
    const source = new EventSource(stream);
    source.addEventListener("change", refresh);
    source.addEventListener("tick", refresh);
    source.addEventListener("over", () => { source.close(); location.reload(); });
  }

  // -- Ready answers and facts go into the answer, where the caret is.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-inserer]");
    const field = document.getElementById("texte");
    if (!button || !field) return;
    const before = field.value && !/\s$/.test(field.value) ? "\n" : "";
    field.setRangeText(before + button.dataset.inserer, field.selectionStart, field.selectionEnd, "end");
    field.focus();
    typed(field);
  });
  // -- What is typed is kept at the server: other agents see that one answers, and a restart or
  // an ended session loses nothing.
  let keeping = null;
  async function keepDraft(field) {
    const form = new URLSearchParams({ csrf: field.form.elements.csrf.value, texte: field.value });
    try { await fetch(field.dataset.brouillon, { method: "POST", body: form }); } catch { /* the next key tries again */ }
  }
  function typed(field) {
    clearTimeout(keeping);
    keeping = setTimeout(() => keepDraft(field), 700);
  }
  document.addEventListener("input", (event) => { if (event.target.dataset.brouillon) typed(event.target); });
  document.addEventListener("submit", () => clearTimeout(keeping));
  document.addEventListener("submit", (event) => {
    const question = event.target.dataset.confirmer;
    if (question && !window.confirm(question)) event.preventDefault();
  });

  // -- Keys. One-key shortcuts can be turned off (WCAG 2.1.4); they never act while one types.
  const box = () => document.getElementById("raccourcis");
  function keepShortcuts() { if (box()) box().checked = localStorage.getItem("raccourcis") !== "non"; }
  keepShortcuts();
  document.addEventListener("change", (event) => {
    if (event.target.id === "raccourcis") localStorage.setItem("raccourcis", event.target.checked ? "oui" : "non");
  });
  const clickOn = (selector) => { const found = document.querySelector(selector); if (found) found.click(); return Boolean(found); };
  const focusOn = (id) => { const found = document.getElementById(id); if (found) found.focus(); return Boolean(found); };
  function walk(step) {
    const cards = [...document.querySelectorAll(".carte")];
    if (!cards.length) return false;
    const at = cards.indexOf(document.activeElement);
    cards[at < 0 ? (step > 0 ? 0 : cards.length - 1) : Math.min(Math.max(at + step, 0), cards.length - 1)].focus();
    return true;
  }
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input, textarea, select");
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.form) {
      event.preventDefault(); event.target.form.requestSubmit(); return;
    }
    if (event.key === "Escape" && typing) { event.target.blur(); return; }
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (localStorage.getItem("raccourcis") === "non") return;
    const actions = {
      j: () => walk(1), k: () => walk(-1),
      p: () => clickOn('[data-touche="prendre"]'), r: () => focusOn("texte"),
      n: () => focusOn("note"), "/": () => focusOn("q"),
    };
    const key = event.key.toLowerCase();
    const done = clickOn(`[data-cle="${CSS.escape(key)}"]`) || (actions[key] && actions[key]());
    if (done) event.preventDefault();
  });
  const alert = document.querySelector("[role=alert]");
  if (alert) { alert.tabIndex = -1; alert.focus(); }
  const last = document.querySelector("#messages > li:last-child");
  if (last && !alert) last.scrollIntoView({ block: "nearest" });
})();
