// Puts the form into the page, below or instead of <div id="sori-form">.
(() => {
  const address = {{ address|tojson }};
  const place = document.getElementById("sori-form") || document.body.appendChild(document.createElement("div"));
  const frame = document.createElement("iframe");
  frame.src = address;
  frame.title = "Sori";
  frame.loading = "lazy";
  frame.style.cssText = "border:0;width:100%;min-height:640px;color-scheme:normal";
  place.replaceChildren(frame);
})();
