/* Picking conversations in the list: X picks the open one, Shift+X everything in sight, a click on the
 * channel's sign (or with Ctrl) any other, with Shift from the last one to here. What is done with
 * them is a form (#picked) that the server drew; this only names them in it and counts. */
const picked = new Set(); // ids of rows
let last = null;
const at = (selector) => document.querySelector(selector);
const rows = () => [...document.querySelectorAll("#rows > .row")];

function show() {
  const form = at("#picked");
  if (!form) return;
  for (const row of rows()) {
    row.classList.toggle("picked", picked.has(row.id));
    if (picked.size) row.setAttribute("aria-checked", picked.has(row.id));
    else row.removeAttribute("aria-checked");
  }
  form.hidden = !picked.size;
  const count = form.querySelector("b");
  const { one, many } = count.dataset;
  count.textContent = picked.size === 1 ? one : many.replace("%s", picked.size);
  at("#picks").replaceChildren(
    ...[...picked].map((id) => Object.assign(document.createElement("input"), { type: "hidden", name: "case", value: id.slice(1) })),
  );
}

function toggle(id, to = !picked.has(id)) {
  if (to) picked.add(id);
  else picked.delete(id);
  last = id;
}

function range(id) {
  const ids = rows().map((row) => row.id);
  const [from, to] = [ids.indexOf(last), ids.indexOf(id)].sort((a, b) => a - b);
  for (const each of ids.slice(Math.max(from, 0), to + 1)) picked.add(each);
}

document.addEventListener(
  "click",
  (event) => {
    const row = event.target.closest?.("#rows > .row");
    if (!row || !at("#picked")) return;
    const sign = event.target.closest(".ch");
    if (!sign && !event.ctrlKey && !event.metaKey && !(event.shiftKey && picked.size)) return;
    // before htmx opens the row
    event.preventDefault();
    event.stopPropagation();
    if (event.shiftKey && last) range(row.id);
    else toggle(row.id);
    show();
  },
  true,
);

document.addEventListener("click", (event) => {
  if (event.target.closest?.("#unpick")) picked.clear();
  else if (event.target.closest?.("#pick")) {
    const open = rows().find((row) => row.getAttribute("aria-selected") === "true");
    if (open) toggle(open.id);
    else rows().forEach((row) => picked.add(row.id));
  } else return;
  show();
});

document.addEventListener("keydown", (event) => {
  if (event.code !== "KeyX" || !event.shiftKey || event.ctrlKey || event.metaKey || event.isComposing) return;
  if (event.target.closest?.("input, textarea, select, dialog, [contenteditable]")) return;
  rows().forEach((row) => picked.add(row.id));
  show();
});

// What the server wants to be sure of before it does it; a yes sends the same once more.
let sure = null;
document.addEventListener("sure", (event) => (sure = event.detail));
function again(form, deed) {
  at("#picks").append(Object.assign(document.createElement("input"), { type: "hidden", name: "sure", value: "1" }));
  form.requestSubmit(form.querySelector(`[name=deed][value="${deed}"]`));
}

document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.elt.id !== "picked" || !event.detail.successful) return;
  if (sure) {
    const { question, deed } = sure;
    sure = null;
    if (window.confirm(question)) again(event.detail.elt, deed);
    return;
  }
  picked.clear();
  event.detail.elt.querySelectorAll(":popover-open").forEach((menu) => menu.hidePopover());
  show();
});
for (const name of ["htmx:afterSwap", "htmx:oobAfterSwap"]) document.addEventListener(name, show);
