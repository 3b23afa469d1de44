// Draws every <figure data-chart="ID of a script with a Vega-Lite specification"> and every
// <figure data-spec="the specification">, in the colours of the theme, and again when the theme
// changes; figures that come later are drawn when they come. A figure that is drawn hears a "drawn"
// event, whose detail is the view.

const pixel = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
const probe = document.createElement("span");

/** The colour of a custom property as #rrggbb, which is all that charts understand. */
function colour(name) {
  probe.style.color = `var(--${name})`;
  pixel.fillStyle = getComputedStyle(probe).color;
  pixel.fillRect(0, 0, 1, 1);
  const [red, green, blue] = pixel.getImageData(0, 0, 1, 1).data;
  return `#${[red, green, blue].map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

function coloured(text) {
  return JSON.parse(text.replace(/"@([a-z0-9-]+)"/g, (_, name) => `"${colour(name)}"`));
}

async function draw(figure) {
  const source = figure.dataset.spec ?? document.getElementById(figure.dataset.chart).textContent;
  const specification = coloured(source);
  const family = getComputedStyle(document.body).fontFamily;
  specification.config.font = family;
  const { view } = await window.vegaEmbed(figure, specification, {
    // the interpreter, because the page's policy forbids making code from text
    ast: true,
    actions: false,
    renderer: "svg",
    defaultStyle: false,
    tooltip: { theme: "custom", disableDefaultStyle: true },
  });
  figure.removeAttribute("aria-busy");
  figure.dispatchEvent(new CustomEvent("drawn", { bubbles: true, detail: view }));
}

const FIGURES = "figure:is([data-chart], [data-spec])";

function drawAll() {
  probe.hidden = true;
  document.body.append(probe);
  document.querySelectorAll(FIGURES).forEach(draw);
}

drawAll();
document.addEventListener("htmx:afterSwap", ({ target }) => target.querySelectorAll(FIGURES).forEach(draw));
new MutationObserver(drawAll).observe(document.documentElement, { attributeFilter: ["data-theme"] });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
