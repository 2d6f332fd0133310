"use strict";
(() => {
  const root = document.documentElement;
  const one = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const list = one(".list");
  const chapters = all(".chapter");
  root.classList.add("js");
  for (const tool of all(".tools, #theme")) tool.hidden = false;

  // Where scripts run, the browser takes what is in a `noscript` for text: it is read when it is wanted.
  const unfold = (chapter) => {
    const waiting = one(":scope > noscript", chapter);
    if (!waiting) return;
    const text = waiting.textContent.replace(/<!--later-->([^]*?)<!--now-->/g, (_, part) => {
      later.push(part);
      return `<div data-later="${later.length - 1}"></div>`;
    });
    waiting.replaceWith(parsed(text));
  };
  const parsed = (text) => {
    const holder = document.createElement("template");
    holder.innerHTML = text;
    return holder.content;
  };
  const later = [];
  const opened = (details) => {
    if (details.matches(".chapter")) unfold(details);
    for (const part of all(":scope > [data-later]", details)) part.replaceWith(parsed(later[part.dataset.later]));
  };
  document.addEventListener("toggle", (event) => event.target.open && opened(event.target), true);

  // Addresses: of a chapter, of a cell in it, of a rule.
  const reveal = (name) => {
    const chapter = document.getElementById(name.split("-")[0]);
    if (!chapter) return;
    if (chapter.matches(".chapter")) {
      unfold(chapter);
      chapter.open = true;
      chapter.hidden = false;
    } else if (chapter.matches(".rule-page")) {
      chapter.open = true;
    }
    const target = document.getElementById(name);
    if (!target) return;
    for (let box = target; box; box = box.parentElement) if (box.tagName === "DETAILS") box.open = true;
    target.scrollIntoView();
    target.focus({ preventScroll: true });
  };
  const here = () => location.hash && reveal(decodeURIComponent(location.hash.slice(1)));
  addEventListener("hashchange", here);

  // The page of a rule, beside what it explains.
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-labelledby", "rule-title");
  document.body.append(dialog);
  const explain = (page) => {
    const head = document.createElement("header");
    const title = document.createElement("div");
    title.id = "rule-title";
    title.append(...[...one("summary", page).cloneNode(true).childNodes]);
    const close = document.createElement("button");
    close.type = "button";
    close.textContent = "Close";
    close.addEventListener("click", () => dialog.close());
    head.append(title, close);
    dialog.replaceChildren(head, one(".page", page).cloneNode(true));
    dialog.showModal();
    dialog.scrollTop = 0;
  };
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());

  const copy = async (button) => {
    const source = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(source.textContent);
    } catch {
      source.closest("details").open = true;
      getSelection().selectAllChildren(source);
      document.execCommand("copy");
    }
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 1600);
  };

  document.addEventListener("click", (event) => {
    const rule = event.target.closest("a.rule");
    const page = rule && document.getElementById(rule.hash.slice(1));
    if (page && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      explain(page);
      return;
    }
    const link = event.target.closest('a[href^="#"]');
    if (link && link.hash === location.hash) reveal(decodeURIComponent(link.hash.slice(1)));
    const more = event.target.closest(".unfold button");
    if (more) {
      const group = more.closest("tbody");
      group.nextElementSibling.classList.add("open");
      group.remove();
    }
    const copying = event.target.closest(".copy");
    if (copying) copy(copying);
  });

  // Filters.
  const field = one("#filter");
  const states = all(".states button");
  const narrow = () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    const state = states.find((button) => button.ariaPressed === "true")?.dataset.state ?? "";
    let shown = 0;
    for (const chapter of chapters) {
      const fits = (!state || chapter.dataset.states.split(" ").includes(state))
        && words.every((word) => chapter.dataset.words.includes(word));
      chapter.hidden = !fits;
      shown += fits;
    }
    one(".empty").hidden = shown > 0;
    one("#told").textContent = `${shown} of ${chapters.length} shown`;
  };
  field.addEventListener("input", narrow);
  for (const button of states) {
    button.addEventListener("click", () => {
      for (const other of states) other.ariaPressed = String(other === button);
      narrow();
    });
  }

  // Order.
  for (const button of all(".columns button")) {
    button.addEventListener("click", () => {
      const column = Number(button.dataset.column);
      const up = button.ariaPressed === "true" && !button.classList.contains("up");
      for (const other of all(".columns button")) {
        other.ariaPressed = String(other === button);
        other.classList.remove("up");
      }
      button.classList.toggle("up", up);
      const key = (chapter) => Number(chapter.dataset.sort.split(",")[column]);
      const sorted = [...chapters].sort((a, b) => (up ? key(b) - key(a) : key(a) - key(b)));
      list.append(...sorted);
    });
  }

  // Everything open: a few at a time, so that the page stays alive.
  const everything = one("#all");
  let opening = 0;
  everything.addEventListener("click", () => {
    const mine = ++opening;
    const open = everything.textContent === "Open all";
    everything.textContent = open ? "Close all" : "Open all";
    const waiting = chapters.filter((chapter) => !chapter.hidden && chapter.open !== open);
    const some = () => {
      if (mine !== opening) return;
      for (const chapter of waiting.splice(0, open ? 8 : waiting.length)) {
        if (open) unfold(chapter);
        chapter.open = open;
      }
      if (waiting.length) requestAnimationFrame(some);
    };
    some();
  });

  // Keys.
  const step = (by) => {
    const stops = all(".chapter[open]:not([hidden]) .cell.matters");
    if (!stops.length) return;
    const edge = one(".chapter[open] > summary")?.offsetHeight ?? 0;
    const at = stops.indexOf(document.activeElement.closest?.(".cell.matters"));
    let next = at + by;
    if (at < 0) {
      const below = stops.findIndex((stop) => stop.getBoundingClientRect().top > edge);
      next = by > 0 ? below : (below < 0 ? stops.length : below) - 1;
    }
    const target = stops[Math.max(0, Math.min(next, stops.length - 1))];
    target.scrollIntoView({ block: "start" });
    target.focus({ preventScroll: true });
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
    if (event.target === field) {
      if (event.key === "Escape") { field.value = ""; narrow(); field.blur(); }
      return;
    }
    if (event.key === "/") { event.preventDefault(); field.focus(); field.select(); }
    else if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
  });

  // Light or dark, until the page is left.
  one("#theme").addEventListener("click", () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
  });

  // On paper everything is open.
  let closed = [];
  addEventListener("beforeprint", () => {
    for (const chapter of chapters) if (!chapter.hidden) unfold(chapter);
    closed = all("details:not([open])").filter((details) => details.matches(".chapter, .summary, .shown"));
    for (const details of closed) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of closed) details.open = false;
    closed = [];
  });

  here();
})();
