// Shows what a slider says while it is moved: <input type="range" id="X"> and <output for="X">.

document.addEventListener("input", (event) => {
  if (event.target.type !== "range") return;
  const shown = document.querySelector(`output[for="${event.target.id}"]`);
  if (shown) shown.value = event.target.value;
});
