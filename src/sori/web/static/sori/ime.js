/* Korean is composed syllable by syllable: Enter that ends a composition must never send half a word,
 * and nobody should have to press it twice.
 *
 * A text field with data-send="enter" sends its form with Enter, one with data-send="mod" with
 * Ctrl/Cmd + Enter. Enter during composition is remembered and acted on when the composition ends. */
let waiting = null; // the field whose Enter came during a composition
let pressed = false; // that Enter has been acted on and is still held down

function isEnter(event) {
  return event.code === "Enter" || event.code === "NumpadEnter" || event.key === "Enter";
}

function wantsToSend(event) {
  const how = event.target.dataset?.send;
  if (how === "enter") return !event.shiftKey && !event.altKey;
  return how === "mod" && (event.ctrlKey || event.metaKey);
}

function send(field) {
  pressed = true;
  setTimeout(() => (pressed = false), 500); // a keyup can get lost
  field.form?.requestSubmit(field.form.querySelector("[data-default]") ?? undefined);
}

document.addEventListener("keydown", (event) => {
  if (!isEnter(event)) return;
  const field = event.target;
  // Safari ends the composition before this event and tells only by the old code 229.
  if (event.isComposing || event.keyCode === 229) {
    // Harmless to the composition; keeps the key from breaking the line or submitting the form.
    if (wantsToSend(event) || field.matches?.("input")) event.preventDefault();
    if (wantsToSend(event)) {
      waiting = field;
      if (!event.isComposing) finish(field);
    }
    return;
  }
  if (!wantsToSend(event)) return;
  event.preventDefault();
  // Some systems repeat the key after the composition: one press sends once.
  if (!event.repeat && !pressed && waiting !== field) send(field);
});

document.addEventListener("keyup", (event) => {
  if (isEnter(event) && !waiting) pressed = false;
});

function finish(field) {
  if (waiting !== field) return;
  // The field gets its last syllable after this event.
  setTimeout(() => {
    if (waiting === field) send(field);
    waiting = null;
  }, 0);
}

document.addEventListener("compositionend", (event) => finish(event.target));
document.addEventListener("focusout", () => (waiting = null));
