/* Everything a page can do, in one place: Ctrl or Cmd with K, or "?", opens a list of the menu's doors and
 * of every button with a key that is in sight. It is read from the page, so it is never out of date. */
const dialog = document.querySelector("#palette");
const field = dialog?.querySelector("input");
const list = dialog?.querySelector("[role=listbox]");
const apple = /Mac|iPhone|iPad/.test(navigator.platform);
const signs = { Slash: "/", Semicolon: ";", Escape: "Esc", Mod: apple ? "⌘" : "Ctrl", Shift: "⇧", Enter: "↵" };
let choices = [];

const sign = (key) => key.split("+").map((part) => signs[part] ?? part.replace(/^(Key|Digit)/, "")).join(" ");

function words(element) {
  const said = element.getAttribute("aria-label") ?? element.placeholder;
  const shown = [...element.childNodes].filter((each) => !each.matches?.("kbd, svg, b, .visually-hidden"));
  return (said || shown.map((each) => each.textContent).join(" ")).trim().replace(/\s+/g, " ");
}

function gather() {
  const seen = new Set();
  const keys = [...document.querySelectorAll("[data-key]")].filter((each) => each.checkVisibility() && !each.closest("[popover]"));
  const moves = [...document.querySelectorAll("[data-key-next]")].flatMap((each) => [
    { key: each.dataset.keyNext, words: dialog.dataset.next },
    { key: each.dataset.keyPrevious, words: dialog.dataset.previous },
  ]);
  const doors = [...document.querySelectorAll("nav.rail a")].map((each) => ({ words: words(each), act: () => each.click() }));
  const deeds = keys.map((each) => ({
    key: each.dataset.key,
    words: words(each),
    act: () => (each.matches("input, textarea") ? each.focus() : each.click()),
  }));
  return [...deeds, ...moves, ...doors].filter((each) => {
    const name = `${each.words} ${each.key ?? ""}`;
    return each.words && !seen.has(name) && seen.add(name);
  });
}

function draw() {
  const asked = field.value.trim().toLowerCase();
  const found = choices.filter((each) => each.words.toLowerCase().includes(asked));
  list.replaceChildren(
    ...found.map((each, place) => {
      const row = document.createElement("button");
      row.type = "button";
      row.setAttribute("role", "option");
      row.setAttribute("aria-selected", place === 0);
      row.append(Object.assign(document.createElement("span"), { className: "grow", textContent: each.words }));
      if (each.key) row.append(Object.assign(document.createElement("kbd"), { textContent: sign(each.key) }));
      row.disabled = !each.act;
      row.addEventListener("click", () => {
        dialog.close();
        each.act();
      });
      return row;
    }),
  );
}

function move(step) {
  const rows = [...list.children];
  const here = rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
  const next = rows[Math.max(0, Math.min(rows.length - 1, here + step))];
  rows[here]?.setAttribute("aria-selected", "false");
  next?.setAttribute("aria-selected", "true");
  next?.scrollIntoView({ block: "nearest" });
}

function open() {
  choices = gather();
  field.value = "";
  draw();
  dialog.showModal();
}

document.addEventListener("keydown", (event) => {
  if (!dialog || event.isComposing || event.keyCode === 229) return;
  const asks = event.code === "KeyK" && (event.ctrlKey || event.metaKey);
  const wonders = event.code === "Slash" && event.shiftKey && !event.target.closest?.("input, textarea, select, [contenteditable]");
  if ((!asks && !wonders) || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  open();
});
dialog?.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (steps[event.code]) move(steps[event.code]);
  else if (event.code === "Enter") list.querySelector("[aria-selected=true]")?.click();
  else return;
  event.preventDefault();
});
dialog?.addEventListener("click", (event) => event.target === dialog && dialog.close());
field?.addEventListener("input", draw);
