/* News without reload. Parts of a page name what they are about:
 *
 *   <section data-live="case:12 inbox" hx-get="..." hx-trigger="live">
 *
 * and get a "live" event when something happens there; the document gets "live:<topic>" too.
 * One connection serves all tabs: the tab that holds the lock listens and tells the others. */
const CHANNEL = "sori-live";
const wait = (most) => Math.random() * most;
const air = "BroadcastChannel" in window ? new BroadcastChannel(CHANNEL) : null;
const me = crypto.getRandomValues(new Uint32Array(1))[0];
const others = new Map(); // tab -> { topics, seen }
let leading = false;
let stream = null;
let asked = "";
let last = document.documentElement.dataset.lastEvent ?? "";
let failures = 0;

const mine = () =>
  new Set([...document.querySelectorAll("[data-live]")].flatMap((node) => node.dataset.live.split(/\s+/)));

function wanted() {
  const all = mine();
  const now = Date.now();
  for (const [tab, { topics, seen }] of others) {
    if (now - seen > 60_000) others.delete(tab);
    else topics.forEach((topic) => all.add(topic));
  }
  return [...all].filter(Boolean).sort().join(",");
}

/** Tell the page: coarse topics wait up to 2 s, so that a thousand browsers do not ask at once. */
function tell(news) {
  last = String(news.id);
  for (const topic of news.topics) {
    document.dispatchEvent(new CustomEvent(`live:${topic}`, { detail: news }));
    for (const node of document.querySelectorAll(`[data-live~="${CSS.escape(topic)}"]`)) nudge(node, topic);
  }
}

const nudged = new WeakSet();
function nudge(node, topic) {
  if (nudged.has(node)) return;
  nudged.add(node);
  const most = Number(node.dataset.liveWithin ?? (topic.includes(":") ? 200 : 1500));
  setTimeout(() => {
    nudged.delete(node);
    if (node.isConnected) node.dispatchEvent(new CustomEvent("live", { bubbles: false }));
  }, wait(most));
}

function listen() {
  const topics = wanted();
  if (topics === asked && stream && stream.readyState !== EventSource.CLOSED) return;
  stream?.close();
  asked = topics;
  if (!topics) return;
  stream = new EventSource(`/live?topics=${encodeURIComponent(topics)}&after=${last}`);
  stream.onopen = () => quiet(false);
  stream.onmessage = (message) => {
    failures = 0;
    const news = JSON.parse(message.data);
    air?.postMessage({ news });
    tell(news);
  };
  stream.onerror = () => {
    // A lost connection reopens by itself; a refused one (signed out, no permission) does not.
    if (stream.readyState !== EventSource.CLOSED) return quiet(++failures > 3);
    asked = "";
    quiet(++failures > 1);
    setTimeout(listen, Math.min(60_000, 2_000 * 2 ** failures) + wait(2_000));
  };
}

/** After some failures, say that the page may be behind. */
function quiet(on) {
  const line = document.querySelector(".quiet-line");
  if (line) line.hidden = !on;
  if (!on) failures = 0;
}

function announce() {
  if (leading) listen();
  else air?.postMessage({ tab: me, topics: [...mine()] });
}

air?.addEventListener("message", ({ data }) => {
  if (data.news) {
    if (!leading) tell(data.news);
  } else if (data.who) announce();
  else if (data.gone) others.delete(data.gone);
  else if (data.topics) {
    others.set(data.tab, { topics: data.topics, seen: Date.now() });
    if (leading) listen();
  }
});

function lead() {
  leading = true;
  air?.postMessage({ who: true });
  listen();
  return new Promise(() => {}); // held until the tab closes
}

// Locks exist on https and localhost only; elsewhere each tab listens for itself.
if (air && navigator.locks) navigator.locks.request(CHANNEL, lead);
else lead();

announce();
setInterval(announce, 20_000);
document.addEventListener("htmx:afterSettle", announce);
addEventListener("pagehide", () => air?.postMessage({ gone: me }));
