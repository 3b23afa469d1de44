/* Let clocks run down and "3 min" grow older, once a second for the page, without the server.
 *
 * <span class="clock" data-start data-soon data-due data-over="… %s"> holds a ring and a <b>; <time data-ago>
 * holds an age. Words come from Intl in the page's language, the same ones the server writes. */
const words = document.documentElement.lang || "ko";
const unit = (name) =>
  new Intl.NumberFormat(words, { style: "unit", unit: name, unitDisplay: "short" });
const units = [
  [86400, unit("day")],
  [3600, unit("hour")],
  [60, unit("minute")],
];

export function duration(seconds, parts = 2) {
  let rest = Math.floor(Math.abs(seconds) / 60) * 60;
  const said = [];
  for (const [size, format] of units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count) said.push(format.format(count));
  }
  return said.slice(0, parts).join(" ") || units[2][1].format(0);
}

/** What a clock shows: its class, how much of the ring is left (0-100), and its words. */
export function reading(start, soon, due, now, over) {
  const left = (due - now) / 1000;
  const share = Math.max(0, Math.min(100, (100 * (due - now)) / Math.max(1, due - start)));
  if (left < 0) return { state: "over", share: 0, words: over.replace("%s", duration(left)) };
  return { state: now > soon ? "soon" : "", share, words: duration(left) };
}

function set(node, text) {
  if (node && node.textContent !== text) node.textContent = text;
}

function tick() {
  const now = Date.now();
  for (const clock of document.querySelectorAll(".clock[data-due]")) {
    const { start, soon, due, over = "%s" } = clock.dataset;
    const read = reading(Date.parse(start), Date.parse(soon), Date.parse(due), now, over);
    clock.classList.toggle("soon", read.state === "soon");
    clock.classList.toggle("over", read.state === "over");
    clock.querySelector(".left")?.setAttribute("stroke-dasharray", `${read.share.toFixed(0)} 100`);
    set(clock.querySelector(".words"), read.words);
  }
  for (const time of document.querySelectorAll("time[data-ago]")) {
    const seconds = (now - Date.parse(time.dateTime)) / 1000;
    // From a minute to a day; before that the server's "now" stands, after that it wrote a date.
    if (seconds >= 60 && seconds < 86400) set(time, duration(seconds, 1));
  }
}

tick();
setInterval(tick, 1000);
document.addEventListener("htmx:afterSettle", tick);
document.addEventListener("visibilitychange", () => document.hidden || tick());
