/* The list and the thread stay where the reader is while news come in.
 *
 * hx-swap="keyed" changes only those children (by id) whose HTML changed, so that selection, focus,
 * scroll and folded texts stay. data-keep says which children the server did not speak of stay too:
 * "after" the ones it did (older rows that were asked for), or "before" them (earlier turns). */
const fresh = (html) => html.replace(/\saria-selected="\w+"/, "");
const said = new WeakMap(); // child -> what the server sent for it
const inbox = document.querySelector("#inbox");
const at = (selector) => document.querySelector(selector);
const opened = () => at("[data-case]")?.dataset.case;

function remember(root) {
  for (const child of root?.children ?? []) if (!said.has(child)) said.set(child, fresh(child.outerHTML));
}

function same(old, made) {
  if (said.get(old) === said.get(made)) return true;
  // an age or a countdown that went on is no change
  const [a, b] = [old, made].map((node) => {
    const copy = node.cloneNode(true);
    copy.removeAttribute("aria-selected");
    copy.querySelectorAll("time[data-ago], .clock[data-due], details").forEach((each) => {
      if (each.matches("details")) each.removeAttribute("open");
      else if (each.matches(".clock")) each.replaceWith(each.dataset.due);
      else each.textContent = "";
    });
    return copy.outerHTML;
  });
  return a === b;
}

function take(old, made) {
  const focused = old.contains(document.activeElement) ? document.activeElement.id : null;
  const folds = [...old.querySelectorAll("details")].map((each) => each.open);
  made.querySelectorAll("details").forEach((each, place) => (each.open = folds[place] ?? each.open));
  old.replaceWith(made);
  window.htmx.process(made);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

function keyed(target, fragment) {
  const more = fragment.querySelector("#more"); // the server knows more rows than it sent
  const made = [...fragment.children].filter((child) => child.id && !["more", "earlier"].includes(child.id));
  if (!made.length) return target.replaceChildren(...fragment.childNodes);
  remember({ children: made });
  const named = new Set(made.map((child) => child.id));
  const old = [...target.children];
  const first = old.findIndex((child) => named.has(child.id));
  const last = old.findLastIndex((child) => named.has(child.id));
  for (const [place, child] of old.entries()) {
    if (named.has(child.id)) continue;
    const before = target.dataset.keep === "before" && child.id && place < first;
    const after = target.dataset.keep === "after" && child.id && more && place > last;
    // the open case keeps its row, so that J and K go on from there
    if (child.getAttribute("aria-selected") === "true") child.classList.add("gone");
    else if (!before && !after) child.remove();
  }
  let place = first < 0 ? target.firstElementChild : old[first];
  for (const child of made) {
    while (place?.classList.contains("gone")) place = place.nextElementSibling;
    const there = [...target.children].find((each) => each.id === child.id);
    if (!there) {
      if (first >= 0) child.classList.add("fresh");
      target.insertBefore(child, place);
      window.htmx.process(child);
      continue;
    }
    there.classList.remove("gone");
    if (there === place) place = place.nextElementSibling;
    else target.insertBefore(there, place);
    if (!same(there, child)) take(there, child);
  }
}

/* --- the list ------------------------------------------------------------------------------ */
let waiting = null; // news that would move what the reader looks at

function select() {
  const id = opened();
  for (const row of document.querySelectorAll("#rows > .row")) {
    const here = row.id === `c${id}`;
    row.setAttribute("aria-selected", here);
    if (here) row.classList.remove("unread");
    else if (row.classList.contains("gone")) row.remove();
  }
  inbox?.toggleAttribute("data-open", Boolean(id));
}

const reading = () => at("#scroll")?.scrollTop > 24 || at("#rows")?.matches(":hover");

function patch(target, fragment) {
  const rows = [...fragment.children].filter((child) => child.matches(".row"));
  remember({ children: rows });
  const news = rows.filter((row) => {
    const there = document.getElementById(row.id);
    if (there && !same(there, row)) {
      const wasRead = !there.classList.contains("unread");
      take(there, row.cloneNode(true));
      said.set(document.getElementById(row.id), said.get(row));
      return wasRead && row.classList.contains("unread") && row.id !== `c${opened()}`;
    }
    return !there;
  });
  return news.length;
}

function pill(count) {
  const button = at("#news");
  if (!button) return;
  button.hidden = !count;
  const { one, many } = button.dataset;
  button.querySelector("span").textContent = count === 1 ? one : many.replace("%s", count);
}

function apply() {
  if (!waiting) return;
  const { target, fragment } = waiting;
  waiting = null;
  pill(0);
  if (target.isConnected) keyed(target, fragment);
  select();
}

document.addEventListener("click", (event) => {
  if (!event.target.closest?.("#news")) return;
  at("#scroll").scrollTop = 0;
  apply();
});
document.addEventListener("mouseout", (event) => {
  if (waiting && event.target.closest?.("#rows") && !event.relatedTarget?.closest?.("#rows")) {
    setTimeout(() => reading() || apply(), 200);
  }
});

window.htmx.defineExtension("keyed", {
  isInlineSwap: (style) => style === "keyed",
  // another case was opened meanwhile: nothing of this one has a place any more
  transformResponse: (text, _request, asked) => (asked.isConnected ? text : ""),
  handleSwap(style, target, fragment) {
    if (style !== "keyed") return false;
    if (target.id === "rows" && reading() && target.querySelector(".row")) {
      const count = patch(target, fragment.cloneNode(true));
      waiting = { target, fragment };
      pill(count);
      if (!count) waiting = null;
      select();
      return [];
    }
    waiting = null;
    pill(0);
    keyed(target, fragment);
    select();
    return [];
  },
});

/* --- htmx: news wait while nobody looks ---------------------------------------------------- */
document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, triggeringEvent } = event.detail.requestConfig ?? {};
  if (triggeringEvent?.type !== "live" || !document.hidden) return;
  event.preventDefault();
  document.addEventListener("visibilitychange", () => elt.dispatchEvent(new Event("live")), { once: true });
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "opened" || event.detail.target.id === "found") {
    select();
    remember(at("#timeline"));
    remember(at("#rows"));
  }
  if (event.detail.target.id === "opened") at(".row[aria-selected=true]")?.focus({ preventScroll: true });
});
document.addEventListener("htmx:oobAfterSwap", () => remember(at("#rows")));
// News may have renewed the head and with it the form that asked: then its answer finds no place, and
// the case is asked for anew. A refusal is said all the same.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target?.id !== "timeline" || event.detail.requestConfig.elt.isConnected) return;
  event.detail.shouldSwap = false;
  if (event.detail.xhr.status === 422) document.dispatchEvent(new Event("htmx:responseError"));
  event.detail.target.dispatchEvent(new Event("live"));
});

/* --- keys ---------------------------------------------------------------------------------- */
document.addEventListener("keydown", (event) => {
  const row = event.target.closest?.("#rows .row");
  if (event.isComposing || !row || event.code !== "Enter") return;
  if (row.getAttribute("aria-selected") !== "true") return;
  event.preventDefault();
  at("#reply-body, #note-body")?.focus();
});

/* --- search: never in the middle of a syllable --------------------------------------------- */
let soon;
function search(event) {
  if (!event.target.matches?.("#search input[type=search]") || event.isComposing) return;
  clearTimeout(soon);
  soon = setTimeout(() => window.htmx.trigger("#search", "search-now"), 250);
}
document.addEventListener("input", search);
document.addEventListener("compositionend", search);

remember(at("#rows"));
remember(at("#timeline"));
