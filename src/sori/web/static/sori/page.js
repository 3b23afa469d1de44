/* What every page does: say what happened (toasts), copy, open dialogs, ask before a step back. */
const toasts = document.querySelector(".toasts");

export function toast(text, tone = "good", seconds = 6) {
  const made = document.querySelector("#toast")?.content.cloneNode(true).firstElementChild;
  if (!made || !toasts) return;
  made.classList.add(tone);
  made.querySelector("p").textContent = text;
  toasts.append(made);
  if (seconds) setTimeout(() => made.remove(), seconds * 1000);
}

document.addEventListener("click", async (event) => {
  const at = (selector) => event.target.closest?.(selector);
  if (at("[data-dismiss]")) at(".toast, .notice")?.remove();
  const opens = at("[data-dialog]");
  if (opens) document.getElementById(opens.dataset.dialog)?.showModal();
  if (at("[data-print]")) window.print();
  if (at("[data-close]")) at("dialog")?.close();
  const copies = at("[data-copy]");
  if (copies) {
    await navigator.clipboard.writeText(document.getElementById(copies.dataset.copy).textContent.trim());
    toast(copies.dataset.copied, "good", 2);
  }
});

// A server may send {"toast": {"text": ..., "tone": ...}} in the HX-Trigger header.
document.addEventListener("toast", (event) => toast(event.detail.text, event.detail.tone ?? "good"));
const failed = () => toast(toasts?.dataset.failed ?? "", "bad");
document.addEventListener("htmx:responseError", failed);
document.addEventListener("htmx:sendError", failed);
document.addEventListener("htmx:timeout", failed);

document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});
document.addEventListener("change", (event) => {
  if (event.target.matches?.("[data-submit-on-change]")) event.target.form.requestSubmit();
});
for (const shown of toasts?.querySelectorAll(".toast") ?? []) setTimeout(() => shown.remove(), 8000);
