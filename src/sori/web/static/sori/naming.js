/* "@" in a note opens the names of colleagues: arrows choose, Enter or Tab puts the name in, Escape closes.
 *
 * A textarea with data-names fetches them once. A Korean name is found while its syllable is being composed
 * ("김미" leads to 김민수); Enter that ends a composition chooses after it, so that no syllable is doubled. */
const MOST = 6;
let names = null; // a promise, fetched with the first "@"
let list = null; // the listbox that is open
let chooses = false; // Enter came during a composition
let pressed = false; // that Enter has been acted on and is still held down

const field = (event) => (event.target.matches?.("textarea[data-names]") ? event.target : null);
// Decomposed, an unfinished syllable is the beginning of the finished one.
const folded = (text) => text.normalize("NFD").toLowerCase();

function fetched(address) {
  names ??= fetch(address, { headers: { Accept: "application/json" } })
    .then(async (answer) => (answer.ok ? (await answer.json()).colleagues : []))
    .catch(() => (names = null) ?? []); // the next letter asks again
  return names;
}

/** What was typed behind the "@" before the caret, or null. */
function asked(area) {
  const found = /(?:^|[^\w.+-])@([^@\n]{0,30})$/.exec(area.value.slice(0, area.selectionEnd));
  // a consonant of its own has not become a syllable yet
  return found ? found[1].replace(/[ㄱ-ㆎ]$/, "") : null;
}

function close() {
  list?.remove();
  list = null;
  for (const area of document.querySelectorAll("textarea[data-names]")) {
    area.removeAttribute("aria-activedescendant");
    area.removeAttribute("aria-controls");
  }
}

function mark(area, place) {
  const rows = [...list.children];
  rows.forEach((row, number) => row.setAttribute("aria-selected", number === place));
  area.setAttribute("aria-activedescendant", rows[place].id);
}

function draw(area, found) {
  // drawn anew, the mark would jump back to the first under the arrows
  if (list && String([...list.children].map((row) => row.dataset.name)) === String(found.map(({ name }) => name))) return;
  close();
  if (!found.length) return;
  list = Object.assign(document.createElement("div"), { className: "names", id: "names" });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", area.getAttribute("aria-label"));
  for (const [number, one] of found.entries()) {
    const row = Object.assign(document.createElement("div"), { id: `name-${number}` });
    row.setAttribute("role", "option");
    row.dataset.name = one.name;
    row.append(Object.assign(document.createElement("span"), { textContent: one.name }));
    row.append(Object.assign(document.createElement("small"), { textContent: one.place }));
    list.append(row);
  }
  area.form.append(list);
  area.setAttribute("aria-controls", "names");
  mark(area, 0);
}

async function offer(area) {
  if (asked(area) === null) return close();
  const everybody = await fetched(area.dataset.names);
  const typed = asked(area);
  if (typed === null || document.activeElement !== area) return close();
  const wanted = folded(typed);
  const found = everybody.filter(({ name }) => folded(name).startsWith(wanted) && name !== typed);
  draw(area, found.slice(0, MOST));
}

function choose(area, row = list?.querySelector("[aria-selected=true]")) {
  const before = area.value.slice(0, area.selectionEnd);
  const name = row?.dataset.name;
  close();
  if (!name || !before.includes("@")) return;
  area.setRangeText(`@${name} `, before.lastIndexOf("@"), before.length, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
  area.focus();
}

function move(area, step) {
  const rows = [...list.children];
  const here = rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
  mark(area, (here + step + rows.length) % rows.length);
}

document.addEventListener("input", (event) => field(event) && offer(field(event)));
document.addEventListener(
  "keydown",
  (event) => {
    const area = field(event);
    // some systems repeat the key after the composition: one press chooses once
    if (area && pressed && event.code === "Enter" && !event.isComposing) return event.preventDefault();
    if (!area || !list || event.ctrlKey || event.metaKey || event.altKey) return;
    const enter = event.code === "Enter" || event.code === "NumpadEnter" || event.code === "Tab";
    if (event.isComposing || event.keyCode === 229) {
      if (!enter) return;
      event.preventDefault();
      chooses = true;
      return;
    }
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (steps[event.code]) move(area, steps[event.code]);
    else if (enter) choose(area);
    else if (event.code === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);
document.addEventListener("compositionend", (event) => {
  const area = field(event);
  if (!area || !chooses) return;
  chooses = false;
  pressed = true;
  setTimeout(() => (pressed = false), 500); // a keyup can get lost
  // the field gets its last syllable after this event
  setTimeout(() => choose(area), 0);
});
document.addEventListener("keyup", ({ code }) => {
  if (code === "Enter" && !chooses) pressed = false;
});
document.addEventListener("mousedown", (event) => {
  const row = event.target.closest?.(".names > [data-name]");
  if (!row) return;
  event.preventDefault(); // the field keeps the focus
  choose(row.closest("form").querySelector("textarea[data-names]"), row);
});
document.addEventListener("focusout", (event) => field(event) && close());
