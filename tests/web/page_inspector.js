// Looks at drawn pages, one after the other, in one document; PageInspector calls it.
(() => {
  const root = document.documentElement;
  const named = (e) => e.outerHTML.slice(0, 120);
  const APART = '.scroll, .sheet, .trap, .unseen';
  const known = new Set(), chains = new Set();
  const fresh = (set, sign) => !set.has(sign) && !!set.add(sign);
  const sign = (e) => [e.localName, e.className.baseVal ?? e.className, e.type, e.role].join('.');

  // Puts a page in, unseen because painting takes as long as all else.
  const lay = ({lang, title, body, console}) => {
    root.style.visibility = 'hidden';
    root.lang = lang;
    document.title = title;
    const sheet = document.getElementById('console'), media = console ? 'all' : 'not all';
    if (sheet.media !== media) sheet.media = media;
    document.body.replaceChildren();
    document.body.innerHTML = body;
    window.scrollTo(0, 0);
  };

  // What is wrong with its size, its targets and its labels.
  const measured = () => {
    const wrong = [];
    if (root.scrollWidth > window.innerWidth) {
      const far = [...document.querySelectorAll('body *')].filter((e) =>
        e.getBoundingClientRect().right > window.innerWidth + 1 && !e.closest(APART));
      wrong.push('wider than the screen: ' + (far.length ? named(far[far.length - 1]) : ''));
    }
    const targets = 'a, button, input:not([type=hidden]), select, textarea, summary, label.choice';
    for (const e of document.querySelectorAll(targets)) {
      if (e.closest('.unseen, .trap, .skip, svg') || (e.closest('label.choice') && !e.matches('label'))) continue;
      const box = e.getBoundingClientRect();
      if (!box.width) continue;
      // A link inside a sentence is as high as its line.
      const inline = getComputedStyle(e).display === 'inline';
      const least = inline ? 0 : e.matches('.console *') ? 24 : 44;
      if (box.height < least || (!inline && box.width < 24)) {
        wrong.push(`a target of ${Math.round(box.width)} x ${Math.round(box.height)}: ` + named(e));
      }
      if (e.matches('input, select, textarea') && !e.labels.length && !e.ariaLabel) {
        wrong.push('no label: ' + named(e));
      }
    }
    for (const e of document.querySelectorAll('table.stack')) {
      if (getComputedStyle(e).display === 'table') wrong.push('a table that does not stack: ' + named(e));
    }
    for (const e of document.querySelectorAll('dt, dd, td, th, p, li, a, label')) {
      const box = e.getBoundingClientRect();
      if (box.width && box.width < 40 && e.textContent.trim().length > 12 && !e.closest('.unseen, .brand, thead, svg')) {
        wrong.push(`words in a column of ${Math.round(box.width)}: ` + named(e));
      }
    }
    return wrong;
  };

  // Whether it has a kind of element, or an outline, that no page before it had, for axe to look at.
  const news = () => {
    for (const e of document.querySelectorAll('body *')) {
      const attributes = e.getAttributeNames().filter((n) => n.startsWith('aria')).join();
      if (fresh(known, [sign(e.parentElement), sign(e), attributes].join(' '))) e.dataset.fresh = '';
    }
    const outline = [...document.querySelectorAll('h1,h2,h3,h4,main,nav,header,footer,section')];
    return [!!document.querySelector('[data-fresh]'), fresh(known, outline.map(sign).join())];
  };

  const violations = async (where, options) => {
    root.style.visibility = '';
    return (await axe.run(where, options)).violations;
  };

  const over = (e) => {
    const box = e.getBoundingClientRect();
    return box.width && (box.right > window.innerWidth + 1 || box.left < -1) && !e.closest(APART + ', .skip');
  };

  const overrun = (how) => {
    if (root.scrollWidth > window.innerWidth) {
      const far = [...document.querySelectorAll('body *')].filter(over);
      return [`${how}: wider than the screen: ` + (far.length ? named(far[far.length - 1]) : '')];
    }
    const far = [...document.querySelectorAll('button, .button, input, select, textarea')].find(over);
    return far ? [`${how}: leaves the screen: ` + named(far)] : [];
  };

  // The page that lies there with larger text, then with words that have no blank in them, one in each
  // kind of element, wherever it stands, that no page before it had: what runs over the edge.
  const enlarged = (sizes, word, console) => {
    const wrong = [];
    for (const size of sizes) {
      root.style.fontSize = `${112.5 * size}%`;
      wrong.push(...overrun(`text at ${100 * size} %`));
    }
    let longer = false;
    for (const e of document.querySelectorAll('main :is(dd, td, p, li, h1, h2, h3, blockquote, label, a, button)')) {
      if (e.closest('.unseen, .trap, .nowrap, svg') || !e.textContent.trim()) continue;
      let chain = console ? 'console ' : '';
      for (let on = e; on.localName !== 'main'; on = on.parentElement) chain += on.localName + '.' + on.className + ' ';
      if (fresh(chains, chain)) {
        e.append(' ' + word);
        longer = true;
      }
    }
    if (longer) wrong.push(...overrun('long words'));
    root.style.fontSize = '';
    return wrong;
  };

  // All of it: for each page what is wrong, what axe says, and whether axe had elements to look at.
  const look = async ({pages, sizes, word, elements, shape}) => {
    const found = [];
    for (const page of pages) {
      lay(page);
      const wrong = measured(), [element, outline] = news(), said = [];
      if (element) said.push(...await violations('[data-fresh]', elements));
      if (outline) said.push(...await violations('html', shape));
      // What fits at the largest size fits at those between; each new kind of page is looked at in all.
      wrong.push(...enlarged(element || outline ? sizes : sizes.slice(-1), word, page.console));
      found.push([wrong, said, element]);
    }
    return found;
  };

  // The forms of a page on a desk that are wider than a line of theirs may be.
  const wide = (page) => {
    lay(page);
    const rem = parseFloat(getComputedStyle(root).fontSize);
    const forms = [...document.forms].filter((form) => form.getBoundingClientRect().width > 38 * rem + 1);
    return forms.map(named);
  };

  window.inspect = {lay, look, wide, violations};
})();
