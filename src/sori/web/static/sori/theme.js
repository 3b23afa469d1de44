/* Choose light, dark or the system's theme at once; the form that saves the choice follows. */
document.addEventListener("change", (event) => {
  const field = event.target.closest?.("[data-theme-choice]");
  if (!field) return;
  if (field.value) document.documentElement.dataset.theme = field.value;
  else delete document.documentElement.dataset.theme;
});
