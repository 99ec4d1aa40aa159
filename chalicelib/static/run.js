// Looks at the run again every few seconds while it is at work, and shows what has changed.
// The page says all of it without this.
(() => {
  "use strict";
  const EVERY = 5000;
  const box = () => document.getElementById("run");
  const busy = () =>
    document.hidden || box().contains(document.activeElement) && document.activeElement.form;

  async function look() {
    if (!box() || !box().hasAttribute("data-live")) return;
    if (!busy()) {
      try {
        const answer = await fetch(location.href, { credentials: "same-origin", redirect: "error" });
        if (answer.ok) show(await answer.text());
      } catch {
        // The page stays as it is; the next look may have more luck.
      }
    }
    setTimeout(look, EVERY);
  }

  function show(html) {
    const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("run");
    if (!fresh || busy() || plain(fresh) === plain(box())) return;
    const sheet = box().querySelector(".sheet");
    const at = sheet ? sheet.scrollLeft : 0;
    const open = [...box().querySelectorAll("details")].map((one) => one.open);
    box().replaceWith(document.adoptNode(fresh));
    box().querySelectorAll("details").forEach((one, i) => (one.open = open[i] ?? one.open));
    const now = box().querySelector(".sheet");
    if (now) now.scrollLeft = at;
    const said = box().querySelector(".sentence");
    if (said) said.setAttribute("role", "status");
  }

  // Nonces differ each time, and so do the minutes that something lasts.
  const plain = (node) => node.outerHTML.replace(/value="[^"]*"|role="status"|\d+ (min|h|d)\b/g, "");

  setTimeout(look, EVERY);
})();
