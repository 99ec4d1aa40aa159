// An answer whose post is cut off is kept on this phone, and posted again as it was: its nonce lets it count once.
// It lies there under a key that only the page of its task hands out. Without this script a form is sent as any is.
(() => {
  "use strict";
  const WAITS = [2000, 5000, 15000, 60000];
  const LONGEST = 20000;
  const MARK = "kept ";
  const FORM = "application/x-www-form-urlencoded";
  const own = () => document.getElementById("kept");
  const words = document.currentScript.dataset;
  let waiting = null;
  let wake = () => {};

  // -- what lies on this phone ---------------------------------------------------------------------
  const bytes = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)));
  const key = (raw) => crypto.subtle.importKey("raw", bytes(raw), "AES-GCM", false, ["encrypt", "decrypt"]);

  async function keep(box, entry) {
    try {
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const plain = new TextEncoder().encode(JSON.stringify(entry));
      const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await key(box.dataset.keys.split(" ")[0]), plain);
      const row = { iv: text(iv), sealed: text(sealed), until: Date.now() + box.dataset.seconds * 1000 };
      localStorage.setItem(MARK + box.dataset.kept, JSON.stringify(row));
      return true;
    } catch {
      return false;  // nowhere to keep it but on this open page
    }
  }

  async function kept(box) {
    const row = JSON.parse(localStorage.getItem(MARK + box.dataset.kept) || "null");
    for (const raw of row ? box.dataset.keys.split(" ") : []) {
      try {
        const opened = await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes(row.iv) }, await key(raw), bytes(row.sealed));
        return JSON.parse(new TextDecoder().decode(opened));
      } catch {
        // Sealed under another key.
      }
    }
    return null;
  }

  const clear = (box) => { try { localStorage.removeItem(MARK + box.dataset.kept); } catch { /* nothing lies there */ } };

  function clear_old() {
    for (const name of Object.keys(localStorage).filter((one) => one.startsWith(MARK))) {
      if (JSON.parse(localStorage.getItem(name)).until < Date.now()) localStorage.removeItem(name);
    }
  }

  // -- sending -------------------------------------------------------------------------------------
  const say = (box, name) => { if (box) box.textContent = words[name]; };

  const pause = (n) => new Promise((done) => {
    const timer = setTimeout(done, WAITS[Math.min(n, WAITS.length - 1)]);
    wake = () => { clearTimeout(timer); done(); };
  });
  addEventListener("online", () => wake());

  async function attempt(action, body) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), LONGEST);
    try {
      const got = await fetch(action, { method: "POST", body, headers: { "content-type": FORM }, signal: stop.signal });
      const page = await got.text();
      return got.status >= 500 || got.status === 429 ? null : { url: got.url, went: got.redirected, status: got.status, page };
    } catch {
      return null;
    } finally {
      clearTimeout(timer);
    }
  }

  // The page that came of it, once one came; what is typed meanwhile goes after it.
  async function send(one) {
    for (let n = 0; ; n++) {
      const entry = one.entry;
      const answer = await attempt(one.action, entry.body);
      if (answer && entry === one.entry) return { ...answer, late: n > 0 || one.again };
      if (!answer) {
        say(one.box, one.stored ? "waits" : "open");
        await pause(n);
      }
    }
  }

  const arrived = (answer) => answer.went && !/[?&]late=yes/.test(answer.url);

  async function post(box, entry, action, again) {
    waiting = { box, entry, action, again, stored: false };
    if (!again) say(box, "sending");
    waiting.stored = await keep(box, entry);
    const one = waiting;
    const answer = await send(one);
    waiting = null;
    if (arrived(answer)) {
      clear(box);
      if (answer.late) {
        say(box, "sent");
        await new Promise((done) => setTimeout(done, 1500));
      }
      location.assign(answer.url);
      return;
    }
    const page = new DOMParser().parseFromString(answer.page, "text/html");
    show(page, answer.url, box);
    if (document.querySelector("form#task")) clear(box);  // the page has what was typed
    else await show_moved(own(), one.entry);
  }

  function show(page, url, box) {
    document.title = page.title;
    document.documentElement.lang = page.documentElement.lang;
    document.body.replaceWith(document.adoptNode(page.body));
    box.textContent = "";
    if (own()) own().replaceWith(box);
    else document.querySelector("main").prepend(box);
    history.replaceState(null, "", url);
    const first = document.querySelector("[autofocus]") || document.querySelector("main");
    first.tabIndex = -1;
    first.focus();
  }

  // The task moved on meanwhile: what was typed is shown until the person clears it.
  async function show_moved(box, entry) {
    await keep(box, { ...entry, moved: true });
    say(box, "moved");
    const list = document.createElement("ul");
    for (const line of entry.said) list.append(Object.assign(document.createElement("li"), { textContent: line, dir: "auto" }));
    const button = Object.assign(document.createElement("button"), { textContent: words.clear, className: "button quiet", type: "button" });
    button.addEventListener("click", () => { clear(box); say(box, "cleared"); });
    box.append(list, button);
  }

  // What a person sees of their answer, for the case that it cannot be recorded.
  function typed(form) {
    const said = [];
    for (const one of form.elements) {
      const label = one.labels && one.labels.length ? one.labels[0].innerText.trim() : "";
      if (!label || !one.name || one.name.startsWith("_")) continue;
      if (one.type === "radio" || one.type === "checkbox") { if (one.checked) said.push(label); }
      else if (one.value.trim()) said.push(`${label} ${one.selectedOptions ? one.selectedOptions[0].text : one.value}`);
    }
    return said;
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const by = event.submitter;
    if (!own() || form.id !== "task" || (by && (by.name === "_switch" || by.hasAttribute("formaction")))) return;
    event.preventDefault();
    form.querySelector(".actions").before(own());  // where the person looks
    const entry = { body: new URLSearchParams(new FormData(form, by)).toString(), said: typed(form) };
    if (!waiting) {
      post(own(), entry, form.getAttribute("action"), false);
    } else if (entry.body !== waiting.entry.body) {
      waiting.entry = entry;
      keep(waiting.box, entry).then(() => wake());
    } else {
      wake();
    }
  });

  // -- what was kept before this page was opened -----------------------------------------------------
  async function look() {
    if (!window.isSecureContext) return;
    clear_old();
    const boxes = [...document.querySelectorAll("[data-kept]")];
    for (const box of boxes) {
      const entry = await kept(box);
      if (!entry || waiting) continue;
      if (box === own()) {
        if (entry.moved) await show_moved(box, entry);
        else await post(box, entry, box.dataset.action, true);
        return;
      }
      await send_from_list(box, entry);
    }
  }

  async function send_from_list(box, entry) {
    if (entry.moved) return say(box, "look");
    say(box, "waits");
    const answer = await send({ box, entry, action: box.dataset.action, stored: true, again: true });
    if (arrived(answer)) clear(box);
    say(box, arrived(answer) ? "sent" : "look");
  }

  look();
})();
