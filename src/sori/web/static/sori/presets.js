// Fills a form with the values of a well-known provider: <select data-presets="ID" data-prefix="...">.

document.querySelectorAll("select[data-presets]").forEach((chooser) => {
  const presets = JSON.parse(document.getElementById(chooser.dataset.presets).textContent);
  const help = document.querySelector("[data-preset-help]");
  chooser.addEventListener("change", () => {
    const { help: words = "", ...values } = presets[chooser.value] ?? {};
    help.textContent = words;
    for (const [name, value] of Object.entries(values)) {
      const input = document.querySelector(`[name="${chooser.dataset.prefix}${name}"]`);
      if (input) input.value = value;
    }
  });
});
