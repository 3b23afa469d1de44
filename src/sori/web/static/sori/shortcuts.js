/* Keys as buttons: an element with data-key="KeyE" is clicked (a field focused) by that key.
 *
 * Keys are named by their place (event.code), so they work with a Korean layout; they rest in text
 * fields, in dialogs, and while a syllable is being composed. "Mod+Enter" means Ctrl or Cmd.
 * An open popover with data-palette takes its keys for itself, once: the key that chooses closes it,
 * unless it leads into a field; while its data-again field has the focus, a palette that comes back
 * from the server opens again, so that one choice may follow the other.
 * data-key-next / data-key-previous on a list move its aria-selected row. */
const writes = "input, textarea, select, [contenteditable], [role=textbox]";
let again = ""; // the id of the palette that somebody types into
let typed = "";

function name(event) {
  const parts = [];
  if (event.ctrlKey || event.metaKey) parts.push("Mod");
  if (event.altKey) parts.push("Alt");
  if (event.shiftKey) parts.push("Shift");
  return [...parts, event.code].join("+");
}

function shown(element) {
  return element.checkVisibility?.() ?? element.offsetParent !== null;
}

/** Of several, the one in the data-near that the pointer or the focus is on, else the first in sight. */
function meant(elements) {
  const there = elements.filter(shown);
  const near = (each) => each.closest("[data-near]")?.matches(":hover, :focus-within");
  const seen = (each) => {
    const { top, bottom } = each.getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
  };
  return there.find(near) ?? there.find(seen) ?? there[0];
}

function act(element) {
  if (element.matches(writes)) {
    element.focus();
    element.select?.();
  } else {
    element.click();
  }
}

function move(list, step) {
  const rows = [...list.querySelectorAll(list.dataset.rows ?? "[aria-selected]")];
  const here = rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
  const next = rows[Math.max(0, Math.min(rows.length - 1, here + step))];
  if (!next || next === rows[here]) return;
  next.scrollIntoView({ block: "nearest" });
  (next.matches("a, button") ? next : next.querySelector("a, button"))?.click();
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
  if (event.code === "Escape" && event.target.matches?.(writes)) {
    again = typed = "";
    return event.target.blur();
  }
  if (event.target.closest?.(writes) || document.querySelector("dialog[open]")) return;
  const key = name(event);
  const wanted = `[data-key="${CSS.escape(key)}"]`;
  const palette = document.querySelector("[data-palette]:popover-open");
  const found = palette?.querySelector(wanted) ?? meant([...document.querySelectorAll(wanted)]);
  if (palette && !event.repeat && !found?.matches(writes)) palette.hidePopover();
  if (found) {
    event.preventDefault();
    // the key that opens the palette closes it, too
    if (!palette || found.popoverTargetElement !== palette) act(found);
    return;
  }
  const lists = { down: "[data-key-next]", up: "[data-key-previous]" };
  for (const [way, selector] of Object.entries(lists)) {
    const list = [...document.querySelectorAll(selector)].find(
      (each) => each.dataset[way === "down" ? "keyNext" : "keyPrevious"] === key,
    );
    if (list) {
      event.preventDefault();
      return move(list, way === "down" ? 1 : -1);
    }
  }
});

document.addEventListener("focusin", ({ target }) => {
  if (target.matches?.("[data-again]")) again = target.form.parentElement.id;
});

document.addEventListener(
  "toggle",
  ({ target, newState }) => {
    if (newState === "closed" && target.id === again) again = typed = "";
  },
  true,
);

document.addEventListener("input", ({ target }) => {
  if (target.matches?.("[data-again]")) typed = target.value;
});

document.addEventListener("submit", ({ target }) => {
  if (target.querySelector("[data-again]")) typed = "";
});

document.addEventListener("htmx:afterSettle", () => {
  const place = again && document.getElementById(again);
  if (!place || place.contains(document.activeElement)) return;
  if (place.popover && !place.matches(":popover-open")) place.showPopover();
  const field = place.querySelector("[data-again]");
  field.focus();
  // what was typed while the server answered
  if (!typed) return;
  field.value = typed;
  field.dispatchEvent(new Event("input", { bubbles: true }));
});
