/* Writing an article: a picture that was taken in is put where the writer is. */
document.addEventListener("htmx:afterSwap", (event) => {
  const put = event.detail.target.querySelector?.("[data-put]")?.dataset.put;
  const area = document.querySelector("#id_body");
  if (put === undefined || !area || event.detail.target.id !== "picture-said") return;
  area.setRangeText(`\n${put}\n`, area.selectionStart, area.selectionEnd, "end");
  area.focus();
  area.dispatchEvent(new Event("input", { bubbles: true }));
});
