/* Writing an answer: the draft is kept while one types, nothing is lost, nothing sends by accident. */
const apple = /Mac|iPhone|iPad/.test(navigator.platform);
const field = (event) => event.target.closest?.(".composer textarea");
const reply = () => document.querySelector("#reply-body");
const kept = new WeakMap(); // textarea -> what the server has of it
let soon;

function prepare() {
  for (const key of document.querySelectorAll("[data-mod]")) key.textContent = apple ? "⌘↵" : "Ctrl ↵";
  const area = reply();
  if (area && !kept.has(area)) {
    kept.set(area, area.value);
    const left = sessionStorage.getItem(area.getAttribute("hx-post"));
    sessionStorage.removeItem(area.getAttribute("hx-post"));
    if (left !== null && left.trim() !== area.value) area.value = left;
  }
  if (document.activeElement === document.body) document.querySelector("#composer [autofocus]")?.focus();
}

function count(area) {
  const shown = area.closest(".composer")?.querySelector("[data-count]");
  const limit = Number(area.dataset.limit);
  const measured = area.dataset.measured; // how the channel itself counts, where it has a limit
  const length = Number(measured ?? [...area.value].length);
  const near = measured !== undefined || length > limit * 0.9;
  shown.textContent = length ? length.toLocaleString() + (near ? ` / ${limit.toLocaleString()}` : "") : "";
  shown.classList.toggle("bad-text", length > limit);
}

function tell(area, word) {
  const line = area.form?.querySelector("[data-kept]");
  if (line) line.textContent = word ? line.dataset[word] : "";
}

function keep(area) {
  clearTimeout(soon);
  if (!area?.hasAttribute("hx-post") || kept.get(area) === area.value) return;
  kept.set(area, area.value);
  tell(area, "saving");
  window.htmx.trigger(area, "keep-draft");
}

document.addEventListener("input", (event) => {
  const area = field(event);
  if (!area) return;
  count(area);
  if (area !== reply()) return;
  clearTimeout(soon);
  tell(area, "");
  soon = setTimeout(() => keep(area), 800);
});
document.addEventListener("focusout", (event) => field(event) === reply() && keep(reply()));
document.addEventListener("focusin", (event) => field(event) && count(field(event)));

// A page that is left keeps the last words too. The next one may be drawn before they arrive, so
// this tab remembers them until then.
function leave() {
  const area = reply();
  if (!area?.hasAttribute("hx-post") || kept.get(area) === area.value) return;
  kept.set(area, area.value);
  sessionStorage.setItem(area.getAttribute("hx-post"), area.value);
  const form = new FormData(area.form);
  for (const name of ["token", "draft"]) form.delete(name);
  navigator.sendBeacon(area.getAttribute("hx-post"), form);
}
addEventListener("beforeunload", leave);
addEventListener("pagehide", leave);

document.addEventListener("htmx:afterRequest", (event) => {
  const area = event.detail.elt;
  if (area !== reply() || event.detail.requestConfig.triggeringEvent?.type !== "keep-draft") return;
  if (!event.detail.successful) kept.set(area, null);
  tell(area, event.detail.successful ? "saved" : "lost");
});

// The server may renew a composer in which nobody writes; one with words in it is never touched.
document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.target?.id === "timeline" && !busy()) event.detail.parameters.composer = "idle";
});
// Somebody may have begun to write while the answer was on its way.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  if (event.detail.fragment.querySelector?.("#composer[data-renewed]") && busy()) event.detail.shouldSwap = false;
});

function busy() {
  const words = [...document.querySelectorAll(".composer textarea")].some((area) => area.value.trim());
  const writing = document.activeElement?.closest?.(".composer");
  // what somebody asked for here is on its way, or lies here
  const asked = document.querySelector(".composer button.htmx-request, #suggestion [data-advice]");
  return Boolean(words || writing || asked);
}

// Choosing leads into the field, also when the choice was made already: a label clicks its button last.
document.addEventListener("click", (event) => {
  if (!event.target.matches?.(".composer [name=mode]")) return;
  document.querySelector(event.target.id === "mode-note" ? "#note-body" : "#reply-body")?.focus();
});
// What the assistant suggests becomes an answer only by a person's hand.
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-use-advice], [data-drop-advice]");
  if (!button) return;
  const advice = button.closest("[data-advice]");
  const area = reply();
  if (button.matches("[data-use-advice]") && area) {
    const words = advice.querySelector("[data-words]").textContent;
    area.value = area.value.trim() ? `${area.value.trimEnd()}\n\n${words}` : words;
    area.dispatchEvent(new Event("input", { bubbles: true }));
    area.focus();
  }
  advice.remove();
});
// A menu in which one types begins afresh and asks at once whenever it opens.
document.addEventListener(
  "toggle",
  (event) => {
    const asked = event.newState === "open" && event.target.querySelector("[data-fresh]");
    if (!asked) return;
    asked.value = "";
    asked.focus();
    window.htmx.trigger(asked, "offer");
  },
  true,
);
// A saved reply is put in where the writer is.
document.addEventListener("keydown", (event) => {
  if (!event.target.matches?.("#saved-menu input") || event.code !== "Enter") return;
  event.preventDefault();
  if (!event.isComposing) document.querySelector("#offered [data-insert]")?.click();
});
document.addEventListener("click", (event) => {
  const words = event.target.closest?.("[data-insert]")?.dataset.insert;
  const area = reply();
  if (words === undefined || !area) return;
  event.target.closest("[popover]")?.hidePopover();
  area.focus();
  area.setRangeText(words, area.selectionStart, area.selectionEnd, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
});
document.addEventListener("measured", (event) => {
  const area = reply();
  if (event.target !== area || area.dataset.measured === undefined) return;
  area.dataset.measured = event.detail.used;
  if (document.activeElement === area) count(area);
});
document.addEventListener("likeness", (event) => {
  const line = event.target.closest?.("form")?.querySelector("[data-likeness]");
  if (line) line.textContent = event.detail.words;
});
// Without scripts the link leads to the dialog; with them page.js opens it.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-dialog]");
  if (!link) return;
  event.preventDefault();
  link.closest("[popover]")?.hidePopover();
});
// A dialog's form that was accepted closes it, and whatever a menu asked for closes the menu, unless
// somebody goes on typing in it.
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful) event.detail.elt.closest?.("dialog[open]")?.close();
  const menu = event.detail.elt.closest?.(".menu[popover]:popover-open:not(:has([data-again]:focus))");
  if (menu && !event.detail.elt.matches("input")) menu.hidePopover();
});

document.addEventListener("htmx:afterSettle", prepare);
prepare();
