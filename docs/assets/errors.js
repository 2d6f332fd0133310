// The error index: does with errors.json what `keras-upgrade explain` does (src/keras_upgrade/explain).
// scripts/website/error_index.py makes the data; tests/website compares the two on real messages.

const OTHERS_SHOWN = 3;

/** What is known about an error message or traceback: the rules' codes, best first, and what to do. */
export function explain(text, data) {
  const plain = text.replace(all(data.patterns.escape), "").replaceAll("\r\n", "\n").trim();
  const nothing = { codes: [], facts: [], fix: "", fixed: false, sure: false };
  if (!plain || /^ku\d+$/i.test(plain)) return nothing;
  const found = errorsIn(plain, data);
  const errors = found.length ? found : [plain];
  const [best, ...others] = candidates(plain, errors, data);
  if (!best) {
    const known = errors.map((error) => data.messages.find((item) => pattern(item.pattern).test(error))).find(Boolean);
    return known ? { ...nothing, fix: known.words, sure: true } : nothing;
  }
  return {
    codes: [best, ...others].map((candidate) => candidate.code),
    facts: best.facts.map(([words]) => words),
    fix: data.rules[best.code].fix,
    fixed: best.facts.every(([, fixed]) => fixed),
    sure: best.facts.length > 0 || !best.aboutName,
  };
}

// -- reading the text

const pattern = (source) => new RegExp(source, "s");
const all = (source) => new RegExp(source, "g");

/** The errors in a text, the last first, as `reading.errors` finds them. */
function errorsIn(text, { patterns }) {
  const [error, end, frame] = [patterns.error, patterns.end, patterns.frame].map(pattern);
  const found = [];
  let open = false;
  for (const line of text.split("\n")) {
    const head = line.includes("Traceback (most recent call last)") ? null : error.exec(line);
    if (head) {
      const { type, rest } = head.groups;
      found.push([type + (rest.replace(/[ :\t]/g, "") ? rest : "")]);
      open = true;
    } else if (end.test(line) || frame.test(line)) open = false;
    else if (open) found.at(-1).push(line);
  }
  return found.reverse().map((lines) => lines.join("\n").trim());
}

// -- finding the rules

function candidates(text, errors, data) {
  const found = new Map();
  errors.forEach((error, depth) => {
    for (const code of Object.keys(data.rules)) {
      const candidate = match(code, error, depth, text, data);
      const known = found.get(code);
      if (candidate && (!known || compare(candidate, known) < 0)) found.set(code, candidate);
    }
  });
  const ranked = [...found.values()].sort((a, b) => compare(a, b) || (a.code < b.code ? -1 : 1));
  if (!ranked.length || !ranked[0].facts.length) return ranked;
  const [best, ...others] = ranked;
  return [best, ...others.filter((other) => !other.aboutName || other.error !== best.error)];
}

/** Below 0 if `a` is the better one. */
function compare(a, b) {
  const place = a.rank.findIndex((part, number) => part !== b.rank[number]);
  return place < 0 ? 0 : b.rank[place] - a.rank[place];
}

function match(code, error, depth, text, data) {
  const plain = error.replace(all(data.patterns.tensorflows), "");
  let best = null;
  for (const known of data.rules[code].errors) {
    const found = pattern(known.pattern).exec(plain);
    if (found && (!best || known.weight > best.weight)) best = { ...known, words: found[0] };
  }
  if (!best) return null;
  const bare = /^\w+$/.test(best.words.trim());
  const sign = data.signs[code];
  const signed = sign !== undefined && pattern(sign).test(text);
  const framed = () => text.split("\n").some((line) => pattern(data.patterns.frame).test(line));
  if (bare && sign !== undefined && !signed && framed()) return null;
  const facts = factsOf(code, error, data);
  const rank = [-depth, facts.length > 0, signed, -bare, -best.aboutName, best.weight].map(Number);
  return { code, error, facts, rank, aboutName: best.aboutName };
}

/** The numbers of what is known about a path of Keras 2. */
function ofPath(path, { facts }) {
  const cut = path.lastIndexOf(".");
  const [module, name] = [path.slice(0, Math.max(cut, 0)), path.slice(cut + 1)];
  const group = facts.moved.find(([, modules]) => modules[module]?.split(" ").includes(name));
  return group ? group[0] : [];
}

/** What the tables say about the name that an error names, as `facts.of` does. */
function factsOf(code, error, data) {
  const { facts, told } = data;
  const answers = [];
  const tell = (numbers, path) => {
    const name = path.slice(path.lastIndexOf(".") + 1);
    for (const number of numbers ?? []) {
      const [text, fixed] = told[number];
      answers.push([text.replaceAll("{path}", path).replaceAll("{name}", name), fixed]);
    }
  };
  for (const source of data.names) {
    const found = pattern(source).exec(error);
    if (!found) continue;
    const path = found.groups.module.replace(/^tensorflow\./, "").replace(/^python\./, "");
    const [module, name] = [path.replace(pattern(data.patterns.inner), "keras"), found.groups.name];
    const full = name ? `${module}.${name}` : module;
    if (module === "tensorflow") {
      if (code === (facts.session.includes(name) ? "KU906" : "KU905")) tell(facts.tensorflow[name], name);
    } else if (module === "keras.backend") {
      if (code === "KU301") tell(facts.backend[name], name);
    } else if (code === "KU101") tell(ofPath(full, data), full);
    else if (code === "KU302" && module === "keras.metrics") tell(facts.metrics[name], name);
    else if (code === "KU102" && facts.namespace.includes(full)) answers.push([`\`tf.${full}\` → \`${full}\``, 1]);
  }
  if (code === "KU201") tell(ofArgument(error, data), "");
  return answers;
}

function ofArgument(error, { argument, facts }) {
  const found = argument.map((source) => pattern(source).exec(error)).find(Boolean);
  if (!found) return [];
  const kind = ["method", "function", "owner"].find((group) => found.groups[group]) ?? "";
  const set = facts.arguments[kind][kind && found.groups[kind]];
  return facts.arguments.sets[set]?.[found.groups.name] ?? [];
}

// -- the page

/** Text with `code` in backticks, as nodes. */
function inline(text) {
  return text.split(/`([^`]+)`/).map((part, number) => (number % 2 ? element("code", part) : part));
}

function element(tag, ...children) {
  const node = document.createElement(tag);
  node.append(...children);
  return node;
}

function link(code, title) {
  const node = element("a", element("strong", code), " ", ...inline(title));
  node.href = `../rules/${code.toLowerCase()}/`;
  return node;
}

function show(answer, data, target) {
  const [code, ...others] = answer.codes;
  target.replaceChildren();
  if (!code && !answer.fix) {
    target.append(
      element("p", "No rule knows this whole text as an error. Errors that contain it, if there are any, are below; ",
        ...inline("`keras-upgrade check FILE` looks at the program itself.")),
    );
    return;
  }
  if (!code) {
    target.append(element("p", ...inline(answer.fix)));
    return;
  }
  target.append(element("h3", link(code, data.rules[code].title)));
  for (const fact of answer.facts) target.append(element("p", ...inline(fact)));
  if (!answer.sure) {
    target.append(element("p", "This name is not in the tables, so it may be something else than Keras 3."));
  }
  if (answer.fixed) {
    target.append(element("p", ...inline(answer.fix)));
    target.append(element("p", ...inline("To change it: `keras-upgrade fix FILE`")));
  } else target.append(element("p", ...inline("To see each place: `keras-upgrade check FILE`")));
  if (others.length) {
    const list = element("ul", ...others.slice(0, OTHERS_SHOWN).map((other) => element("li", link(other, data.rules[other].title))));
    target.append(element("p", "Less likely:"), list);
  }
}

/** Leaves the errors of the list that contain the text; gives how many. */
function narrow(text, list) {
  const wanted = text.trim().toLowerCase();
  let count = 0;
  for (const section of list) {
    let any = false;
    for (const { texts, nodes } of section.entries) {
      const stays = !wanted || texts.some((known) => known.includes(wanted) || wanted.includes(known));
      nodes.forEach((node) => { node.hidden = !stays; });
      any ||= stays;
      count += Number(stays);
    }
    section.nodes.forEach((node) => { node.hidden = !any; });
  }
  return count;
}

/** The list as the page has it: rules (h2), and below them errors (h3). */
function readList(start) {
  const list = [];
  for (let node = start.nextElementSibling; node; node = node.nextElementSibling) {
    if (node.tagName === "H2") list.push({ nodes: [node], entries: [] });
    else if (node.tagName === "H3") {
      const code = node.querySelector("code").textContent.toLowerCase();
      list.at(-1).entries.push({ texts: [code], nodes: [node] });
    } else if (list.length) {
      const section = list.at(-1);
      (section.entries.at(-1) ?? section).nodes.push(node);
    }
  }
  return list;
}

async function start() {
  const [box, result, status] = ["error-text", "error-answer", "error-count"].map((id) => document.getElementById(id));
  const response = await fetch("../assets/errors.json");
  const data = await response.json();
  const list = readList(document.getElementById("error-list"));
  const update = () => {
    const text = box.value;
    result.hidden = !text.trim();
    if (!result.hidden) show(explain(text, data), data, result);
    const count = narrow(text, list);
    status.textContent = count === 1 ? "1 error" : `${count} errors`;
  };
  box.addEventListener("input", update);
  box.value ||= new URLSearchParams(location.search).get("q") ?? "";
  update();
  window.explainError = (text) => explain(text, data);
  box.disabled = false;
}

start();
