/* The explorer: narrow the time on the chart, apply a filter when its menu closes, and say in its
 * place what could not be counted. */
const two = (number) => String(number).padStart(2, "0");
const day = (time) => `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;

/** Show only these days, both included. */
function narrow(figure, first, last) {
  const base = figure.closest("[data-narrow]").dataset.narrow;
  const join = base.endsWith("?") ? "" : "&";
  location.assign(`${base}${join}from=${first}&to=${last}`);
}

document.addEventListener("drawn", ({ target: figure, detail: view }) => {
  if (!("brush" in figure.dataset)) return;
  let brushed = null;
  view.addSignalListener("brush", (_, value) => (brushed = value?.start ?? null));
  view.addEventListener("click", (_, item) => {
    if (item?.datum?.first && !brushed) narrow(figure, item.datum.first, item.datum.last);
  });
  figure.addEventListener("pointerup", () =>
    setTimeout(() => {
      if (!brushed || brushed[1] - brushed[0] < 60_000) return;
      narrow(figure, day(new Date(brushed[0])), day(new Date(brushed[1] - 1)));
    }),
  );
});

/* --- filters -------------------------------------------------------------------------------- */
let changed = false;
document.addEventListener("change", (event) => (changed ||= Boolean(event.target.closest?.(".facets"))));
for (const menu of document.querySelectorAll(".facets")) {
  menu.addEventListener("toggle", (event) => {
    if (event.newState === "closed" && changed) menu.closest("form").requestSubmit();
  });
}
document.querySelector("#filters")?.addEventListener("formdata", ({ formData }) => {
  for (const [name, value] of [...formData]) if (!value) formData.delete(name);
});

/* --- what could not be counted --------------------------------------------------------------- */
function fail(event) {
  const slot = event.target.closest?.("[data-slot]");
  const failed = document.querySelector("#slot-failed");
  if (!slot || !failed || event.target !== slot) return;
  event.stopPropagation(); // the page need not say it too
  slot.replaceChildren(failed.content.cloneNode(true));
}
for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) document.addEventListener(name, fail, true);
document.addEventListener("click", (event) => {
  const slot = event.target.closest?.("[data-again]")?.closest("[data-slot]");
  if (slot) window.htmx.trigger(slot, "again");
});
