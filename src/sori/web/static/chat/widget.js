/* The chat window on a company's own pages: one script, no framework, nothing of the page touched.
 *
 * Everything stands in a shadow root, styled by a constructed sheet, so that a strict policy of the
 * page allows it and neither side's styles reach the other. What people say is only ever set as text.
 * A visitor's token is kept in localStorage; that of a customer whom the page has signed is not, for
 * the next person at the same computer must not find what they said. */
(() => {
  "use strict";
  const chat = /*CHAT*/{};
  const script = document.currentScript;
  if (!script || !chat.slug) return;
  const base = new URL(`/chat/${chat.slug}/`, script.src).href;
  const standing = (window.soriChats ??= new Set());
  if (standing.has(base)) return;
  standing.add(base);

  const WORDS = {
    ko: {
      open: "채팅 상담 열기", close: "채팅 닫기", title: "채팅 상담", log: "대화 내용", write: "메시지를 입력하세요", send: "보내기",
      greeting: "안녕하세요! 무엇을 도와드릴까요?", older: "이전 대화 보기", sending: "보내는 중…", sent: "보냄", failed: "보내지 못했어요.",
      again: "다시 보내기", you: "나", us: "상담원", unread: "안 읽은 답 {n}개", offline: "연결이 끊겼어요. 다시 연결하고 있어요.",
      privacy: "개인정보 처리방침", ask: "자리를 비우셔도 답을 메일로 보내 드릴게요.", address: "메일 주소", keep: "저장", later: "괜찮아요",
      kept: "자리를 비우시면 {mail} 주소로 답을 보내 드려요.", wrong: "메일 주소를 다시 확인해 주세요.",
      often: "메시지가 너무 많아요. 잠시 뒤에 다시 보내 주세요.", long: "4,000자까지 쓸 수 있어요.",
      identity: "로그인 정보를 확인하지 못했어요. 다시 로그인해 주세요.", expired: "페이지를 연 지 오래되었어요. 새로고침해 주세요.",
      signed_only: "로그인하면 상담할 수 있어요.", forgotten: "이 계정은 채팅을 쓸 수 없어요.",
      closed: "지금은 채팅 상담을 받지 않아요.",
    },
    en: {
      open: "Open chat", close: "Close chat", title: "Chat with us", log: "Conversation", write: "Write a message", send: "Send",
      greeting: "Hello! How can we help?", older: "Show earlier messages", sending: "Sending…", sent: "Sent", failed: "This was not sent.",
      again: "Send again", you: "You", us: "Agent", unread: "{n} unread", offline: "The connection is lost. Trying again.",
      privacy: "Privacy policy", ask: "If you have to leave, we will answer you by mail.", address: "Mail address", keep: "Save", later: "No, thanks",
      kept: "If you leave, our answer goes to {mail}.", wrong: "Please check the mail address.",
      often: "That is a lot of messages. Please try again in a moment.", long: "A message may have 4,000 characters.",
      identity: "We could not tell who you are. Please sign in again.", expired: "This page has been open for long. Please reload it.",
      signed_only: "Please sign in to chat with us.", forgotten: "This account cannot use the chat.",
      closed: "The chat is closed at the moment.",
    },
    ja: {
      open: "チャットを開く", close: "チャットを閉じる", title: "チャット相談", log: "会話", write: "メッセージを入力", send: "送信",
      greeting: "こんにちは。ご用件をお聞かせください。", older: "以前の会話を見る", sending: "送信中…", sent: "送信済み", failed: "送信できませんでした。",
      again: "もう一度送る", you: "自分", us: "担当者", unread: "未読 {n}件", offline: "接続が切れました。再接続しています。",
      privacy: "プライバシーポリシー", ask: "席を外されても、メールで回答をお送りします。", address: "メールアドレス", keep: "保存", later: "結構です",
      kept: "席を外されたら {mail} に回答をお送りします。", wrong: "メールアドレスをご確認ください。",
      often: "メッセージが多すぎます。少し待ってからお試しください。", long: "4,000文字まで入力できます。",
      identity: "ログイン情報を確認できませんでした。もう一度ログインしてください。", expired: "ページを開いてから時間が経ちました。再読み込みしてください。",
      signed_only: "ログインするとご利用いただけます。", forgotten: "このアカウントではチャットを利用できません。",
      closed: "ただいまチャットを受け付けていません。",
    },
  };
  const wanted = [script.dataset.language, chat.language, document.documentElement.lang, ...(navigator.languages ?? [])];
  const language = wanted.map((one) => (one ?? "").slice(0, 2).toLowerCase()).find((one) => one in WORDS) ?? "en";
  const words = WORDS[language];
  const signed = script.dataset.identity ? { identity: script.dataset.identity, signature: script.dataset.signature ?? "" } : null;
  const LONGEST = 4000;
  const SLEEP = [1, 2, 4, 8, 15, 30, 60];

  /* the store: blocked in some browsers, and then the chat lives as long as the page */
  const store = {
    name: `sori-chat:${base}`,
    read() {
      try { return signed ? "" : localStorage.getItem(this.name) ?? ""; } catch { return ""; }
    },
    write(token) {
      try {
        if (signed) return;
        if (token) localStorage.setItem(this.name, token);
        else localStorage.removeItem(this.name);
      } catch { /* nothing can be kept here */ }
    },
  };
  let token = store.read();

  /* the window */
  function make(name, attributes = {}, ...inside) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...inside);
    return element;
  }
  function drawing(...paths) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    for (const d of paths) {
      const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
      path.setAttribute("d", d);
      svg.append(path);
    }
    return svg;
  }

  const BUBBLE = "M4 5h16a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1h-8l-5 4v-4H4a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1z";
  const badge = make("span", { class: "badge", "aria-hidden": "true", hidden: "" });
  const launch = make("button", { class: "launch", type: "button", "aria-expanded": "false", "aria-controls": "panel" }, drawing(BUBBLE), badge);
  const close = make("button", { class: "close", type: "button", "aria-label": words.close }, drawing("M6 6l12 12M18 6L6 18"));
  const heading = make("h2", { id: "title" }, chat.heading || words.title);
  const hours = make("p", { class: "hours" }, chat.hours ?? "");
  const older = make("button", { class: "older", type: "button", hidden: "" }, words.older);
  const list = make("div", { class: "list" });
  const log = make("div", { class: "log", role: "log", "aria-live": "polite", "aria-label": words.log, tabindex: "0" }, older, list);
  const state = make("p", { class: "state", role: "status" });
  const address = make("input", { type: "email", required: "", maxlength: "254", autocomplete: "email", placeholder: "name@example.com", "aria-label": words.address });
  const later = make("button", { type: "button", class: "quiet" }, words.later);
  const mail = make("form", { class: "mail", hidden: "", novalidate: "" }, make("p", {}, words.ask),
    make("div", {}, address, make("button", { class: "solid" }, words.keep), later));
  const field = make("textarea", { rows: "1", "aria-label": words.write, placeholder: words.write, maxlength: String(LONGEST), enterkeyhint: "send" });
  const send = make("button", { class: "send", "aria-label": words.send }, drawing("M12 19V5M6 11l6-6 6 6"));
  const form = make("form", { class: "write" }, field, send);
  const panel = make("section", { class: "panel", id: "panel", role: "dialog", "aria-modal": "true", "aria-labelledby": "title", hidden: "" },
    make("header", {}, make("div", {}, heading, hours), close), log, state, mail, form);
  const root = make("div", { class: "root", lang: language }, panel, launch);
  const host = make("div", { "data-sori-chat": chat.slug });
  const shadow = host.attachShadow({ mode: "open" });
  shadow.append(root);

  const accent = /^#[0-9a-f]{6}$/.test(chat.accent) ? chat.accent : "#0b6e5f";
  /* letters on the accent: whichever of the two can be read better */
  const light = [1, 3, 5].map((at) => parseInt(accent.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  const shine = 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2];
  const on = 1.05 / (shine + 0.05) >= (shine + 0.05) / 0.055 ? "#fff" : "#0a0a0a";
  const css = `
:host{all:initial}
[hidden]{display:none!important}
.root{--a:${accent};--on:${on};--paper:#fff;--ink:#17201e;--soft:#5a6663;--edge:#d9dfdd;--them:#eef2f1;--bad:#b3261e;
font:15px/1.5 system-ui,-apple-system,"Apple SD Gothic Neo","Noto Sans KR","Malgun Gothic","Hiragino Sans","Noto Sans JP",sans-serif;color:var(--ink);word-break:keep-all;overflow-wrap:anywhere}
.root.dark{--paper:#161c1b;--ink:#edf1f0;--soft:#a3afac;--edge:#36413e;--them:#252e2c;--bad:#ffb4ab}
*{box-sizing:border-box}
button,input,textarea{font:inherit;color:inherit;margin:0}
button{cursor:pointer;border:0;background:none;padding:0}
h2,p{margin:0}
:focus-visible{outline:3px solid var(--a);outline-offset:2px}
.dark :focus-visible{outline-color:var(--ink)}
svg{width:24px;height:24px;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round;display:block}
.launch{position:fixed;z-index:2147483000;right:20px;bottom:20px;width:56px;height:56px;border-radius:28px;background:var(--a);color:var(--on);display:grid;place-items:center;box-shadow:0 4px 18px #0004}
.badge{position:absolute;top:-4px;right:-4px;min-width:22px;height:22px;padding:0 6px;border-radius:11px;background:#b3261e;color:#fff;font-size:13px;line-height:22px;text-align:center;font-weight:600}
.panel{position:fixed;z-index:2147483001;right:20px;bottom:88px;width:380px;max-width:calc(100vw - 24px);height:min(600px,calc(100vh - 108px));height:min(600px,calc(100dvh - 108px));background:var(--paper);border:1px solid var(--edge);border-radius:16px;box-shadow:0 12px 44px #0005;display:flex;flex-direction:column;overflow:hidden;animation:rise .16s ease-out}
@keyframes rise{from{opacity:0;transform:translateY(10px)}}
header{display:flex;align-items:center;gap:12px;padding:14px 16px;background:var(--a);color:var(--on)}
header div{flex:1;min-width:0}
h2{font-size:17px;line-height:1.3;font-weight:650}
.hours{font-size:13px}
.hours:empty{display:none}
.close{width:40px;height:40px;border-radius:20px;display:grid;place-items:center;color:inherit}
header :focus-visible,.dark header :focus-visible{outline-color:currentColor;outline-offset:-3px}
.log{flex:1;overflow-y:auto;overscroll-behavior:contain;padding:16px;display:flex;flex-direction:column}
.log:focus-visible{outline-offset:-3px}
.list{margin-top:auto;display:flex;flex-direction:column;gap:10px}
.older{align-self:center;margin-bottom:12px;padding:6px 14px;border:1px solid var(--edge);border-radius:16px;color:var(--soft);font-size:13px}
.day,.note{align-self:center;color:var(--soft);font-size:12.5px}
.line{max-width:84%;align-self:flex-start;display:grid;grid-template-columns:auto 1fr;gap:0 8px}
.line.mine{align-self:flex-end}
.face{grid-row:2;width:32px;height:32px;border-radius:16px;background:var(--a);color:var(--on);display:grid;place-items:center;font-size:14px;font-weight:600;overflow:hidden}
.face canvas{width:32px;height:32px}
.who{grid-column:2;font-size:12.5px;color:var(--soft);padding-left:2px}
.text{grid-column:2;grid-row:2;padding:9px 13px;border-radius:4px 14px 14px 14px;background:var(--them);white-space:pre-wrap}
.mine .text{border-radius:14px 14px 4px 14px;background:var(--a);color:var(--on)}
.text a,.note a{color:inherit;text-underline-offset:3px}
.when{grid-column:2;grid-row:3;font-size:12px;color:var(--soft);padding:2px 2px 0;text-align:left}
.mine .when{text-align:right}
.failed .when{color:var(--bad)}
.when button{margin-left:6px;text-decoration:underline;min-height:24px;font-weight:600}
.state{padding:0 16px;font-size:13px;color:var(--bad)}
.state:not(:empty){padding-bottom:8px}
.mail{border-top:1px solid var(--edge);padding:10px 16px;font-size:13.5px}
.mail div{display:flex;flex-wrap:wrap;gap:8px;margin-top:6px}
.mail input{flex:1;min-width:120px;height:38px;padding:0 10px;border:1px solid var(--edge);border-radius:8px;background:var(--paper)}
.solid{height:38px;padding:0 14px;border-radius:8px;background:var(--a);color:var(--on);font-weight:600}
.quiet{height:38px;padding:0 4px;color:var(--soft)}
.write{display:flex;align-items:flex-end;gap:8px;padding:10px 12px;border-top:1px solid var(--edge)}
textarea{flex:1;resize:none;height:42px;max-height:132px;padding:9px 13px;border:1px solid var(--edge);border-radius:21px;background:var(--paper);overflow-y:auto;line-height:22px}
textarea:focus-visible,input:focus-visible{outline-offset:-2px;outline-width:2px}
::placeholder{color:var(--soft);opacity:1}
.send{flex:none;width:42px;height:42px;border-radius:21px;background:var(--a);color:var(--on);display:grid;place-items:center}
.send:disabled{opacity:.4;cursor:default}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media(max-width:480px){.panel{inset:0;width:auto;max-width:none;height:auto;border:0;border-radius:0}.open .launch{display:none}
textarea,input{font-size:16px}.write{padding-bottom:max(10px,env(safe-area-inset-bottom))}}
@media(prefers-reduced-motion:reduce){.panel{animation:none}}
@media(forced-colors:active){.launch,.send,.solid,.text,.panel{border:1px solid}}
@media print{.root{display:none}}`;
  if (shadow.adoptedStyleSheets) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    shadow.adoptedStyleSheets = [sheet];
  } else shadow.append(make("style", {}, css)); // browsers from before 2023

  const darkness = matchMedia("(prefers-color-scheme: dark)");
  const theme = () => root.classList.toggle("dark", script.dataset.theme ? script.dataset.theme === "dark" : darkness.matches);
  darkness.addEventListener("change", theme);
  theme();

  /* what is shown */
  const shown = new Map(); // id -> element, so that a line stands here once
  const clock = new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit" });
  const calendar = new Intl.DateTimeFormat(language, { dateStyle: "long" });
  const faces = new Map();
  let earlier = null;
  let unread = 0;
  let knownMail = "";
  let declined = false;
  let isOpen = false;

  function linked(text) {
    return text.split(/(https?:\/\/[^\s<>"'()]+[^\s<>"'().,!?;:])/).map((part, at) => {
      if (at % 2 === 0) return part;
      const link = make("a", { target: "_blank", rel: "noopener noreferrer" }, part);
      link.href = part;
      return link;
    });
  }
  /* Drawn onto a canvas: a picture would need the page's policy to let our address in. */
  async function paint(place, path) {
    try {
      const url = new URL(path, base).href;
      if (!faces.has(url)) faces.set(url, fetch(url, { credentials: "omit" }).then((answer) => (answer.ok ? answer.blob() : null)));
      const blob = await faces.get(url);
      if (!blob) return;
      const image = await createImageBitmap(blob);
      const canvas = make("canvas", { width: "64", height: "64" });
      canvas.getContext("2d").drawImage(image, 0, 0, 64, 64);
      place.replaceChildren(canvas);
    } catch { /* the initial stays */ }
  }
  function drawn(line) {
    const article = make("div", { class: line.mine ? "line mine" : "line" });
    const who = line.mine ? words.you : line.who || (line.id ? words.us : chat.heading || words.us);
    article.append(make("span", { class: line.mine ? "hidden" : "who" }, who));
    if (!line.mine) {
      const face = make("span", { class: "face", "aria-hidden": "true" }, [...who][0]);
      if (line.face) paint(face, line.face);
      article.append(face);
    }
    article.append(make("div", { class: "text" }, ...linked(line.text)), make("div", { class: "when" }));
    article.at = line.at ?? "";
    tell(article, line.at ? clock.format(new Date(line.at)) : "");
    return article;
  }
  function tell(article, text) {
    article.querySelector(".when").replaceChildren(text);
  }
  function days() {
    for (const one of list.querySelectorAll(".day")) one.remove();
    const today = calendar.format(new Date());
    let last = today;
    for (const article of [...list.children]) {
      if (!article.at) continue;
      const day = calendar.format(new Date(article.at));
      if (day !== last) article.before(make("p", { class: "day" }, day));
      last = day;
    }
  }
  function show(lines) {
    const low = log.scrollHeight - log.scrollTop - log.clientHeight < 60;
    const fresh = lines.filter((line) => !shown.has(line.id));
    log.setAttribute("aria-live", fresh.length > 3 ? "off" : "polite"); // nobody wants a history read aloud
    for (const line of lines) {
      const there = shown.get(line.id);
      if (there) {
        if (there.at || !line.at) continue;
        there.at = line.at; // our own, on its way until now
        there.classList.remove("failed");
        tell(there, clock.format(new Date(line.at)));
        continue;
      }
      const article = drawn(line);
      shown.set(line.id, article);
      const next = [...list.children].find((one) => one.at && one.at > line.at && !one.classList.contains("day"));
      if (next) next.before(article);
      else {
        const waiting = line.at ? [...list.children].find((one) => one.matches(".line.mine") && !one.at) : null;
        if (waiting) waiting.before(article);
        else list.append(article);
      }
    }
    if (fresh.length) days();
    if (fresh.length && low) log.scrollTop = log.scrollHeight;
  }
  function count(number) {
    unread = number;
    badge.hidden = !number;
    badge.textContent = number > 9 ? "9+" : String(number);
    const more = number ? ` (${words.unread.replace("{n}", number)})` : "";
    launch.setAttribute("aria-label", isOpen ? words.close : words.open + more);
  }
  function warn(word) {
    state.textContent = word ? words[word] ?? words.failed : "";
  }
  function ask() {
    mail.hidden = !(chat.mail && shown.size && !knownMail && !declined);
  }

  /* what is asked of the server */
  class Trouble extends Error {
    constructor(word, status) {
      super(word);
      this.status = status;
    }
    get lasts() {
      return this.status >= 400 && this.status !== 429 && this.status < 500;
    }
  }
  async function call(what, body, more = {}) {
    // plain text, so that the browser does not have to ask first whether it may
    const answer = await fetch(base + what, { method: "POST", mode: "cors", credentials: "omit", headers: { "content-type": "text/plain" }, body: JSON.stringify(body), ...more });
    const said = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Trouble(said.error ?? "failed", answer.status);
    return said;
  }
  let starting = null;
  function start() {
    starting ??= call("start", { ...(signed ?? { token }), language })
      .catch((trouble) => {
        if (trouble.status !== 401 || !token) throw trouble;
        forget(); // too old, or forgotten there: begin anew
        return call("start", { language });
      })
      .then((said) => {
        token = said.token;
        store.write(token);
        took(said);
        listen();
      })
      .finally(() => (starting = null));
    return starting;
  }
  function forget() {
    token = "";
    store.write("");
  }
  /* with a token; one that is not believed any more is replaced once */
  async function asked(what, body) {
    if (!token) await start();
    try {
      return await call(what, { token, ...body });
    } catch (trouble) {
      if (trouble.status !== 401) throw trouble;
      forget();
      await start();
      return call(what, { token, ...body });
    }
  }
  function took(said) {
    knownMail = said.mail || knownMail;
    if (earlier === null || !shown.size) earlier = said.earlier ?? "";
    older.hidden = !earlier;
    show(said.lines);
    count(isOpen && visible() ? 0 : said.unread);
    ask();
  }
  const visible = () => document.visibilityState === "visible";
  let looking = null;
  let onceMore = false;
  function look() {
    if (!token) return Promise.resolve();
    if (looking) {
      onceMore = true;
      return looking;
    }
    looking = asked("history", { reads: isOpen && visible() })
      .then(took)
      .finally(() => {
        looking = null;
        if (onceMore) {
          onceMore = false;
          look().catch(() => {});
        }
      });
    return looking;
  }

  /* live: a stream that says "there is something"; while there is none, we look now and then */
  let listening = false;
  const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000 * (0.75 + Math.random() / 2)));
  async function hear() {
    const stop = new AbortController();
    let quiet = setTimeout(() => stop.abort(), 8000);
    try {
      const answer = await fetch(base + "live", { method: "POST", credentials: "omit", headers: { "content-type": "text/plain" }, body: JSON.stringify({ token }), signal: stop.signal });
      if (!answer.ok) return false;
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let heard = false;
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return heard;
        clearTimeout(quiet);
        quiet = setTimeout(() => stop.abort(), 50000);
        if (!heard && state.textContent === words.offline) warn("");
        if (!heard || value.includes("data:")) look().catch(() => {});
        heard = true;
      }
    } finally {
      clearTimeout(quiet);
    }
  }
  async function listen() {
    if (listening) return;
    listening = true;
    let tries = 0;
    while (token) {
      const well = await hear().catch(() => false);
      tries = well ? 0 : tries + 1;
      try {
        await look();
        if (state.textContent === words.offline) warn("");
      } catch (trouble) {
        if (trouble instanceof Trouble && trouble.lasts) {
          if (isOpen) warn(trouble.message);
          break;
        }
        if (isOpen) warn("offline");
      }
      await pause(SLEEP[Math.min(tries, isOpen ? 3 : 5)]);
    }
    listening = false;
  }

  /* saying something: in order, each under a name of its own, so that trying again is harmless */
  let turn = Promise.resolve();
  function name() {
    return [...crypto.getRandomValues(new Uint8Array(12))].map((one) => one.toString(16).padStart(2, "0")).join("");
  }
  function speak() {
    const text = field.value.trim();
    if (!text) return;
    if (text.length > LONGEST) return warn("long");
    const id = name();
    field.value = "";
    fit();
    warn("");
    show([{ id, mine: true, text }]);
    log.scrollTop = log.scrollHeight;
    deliver(id, text);
  }
  function deliver(id, text) {
    const article = shown.get(id);
    article.classList.remove("failed");
    tell(article, words.sending);
    turn = turn.then(async () => {
      for (let tries = 0; ; tries += 1) {
        try {
          await asked("say", { id, text, page: location.href });
          if (!article.at) tell(article, words.sent);
          look().catch(() => {});
          return;
        } catch (trouble) {
          const ends = trouble instanceof Trouble && (trouble.lasts || trouble.status === 429);
          if (!ends && tries < 4) {
            await pause(SLEEP[tries]);
            continue;
          }
          article.classList.add("failed");
          const again = make("button", { type: "button" }, words.again);
          again.addEventListener("click", () => {
            field.focus();
            deliver(id, text);
          });
          article.querySelector(".when").replaceChildren(words.failed, again);
          if (trouble instanceof Trouble) warn(trouble.message);
          return;
        }
      }
    });
  }

  /* Enter sends. During a composition (Korean, Japanese) it is remembered and acted on when the
   * composition ends, so that the last syllable is neither lost nor sent twice, and one press is enough. */
  let waiting = false;
  let pressed = false;
  const isEnter = (event) => event.code === "Enter" || event.code === "NumpadEnter" || event.key === "Enter";
  function act() {
    pressed = true;
    setTimeout(() => (pressed = false), 500); // a keyup can get lost
    speak();
  }
  function finish() {
    if (!waiting) return;
    setTimeout(() => { // the field gets its last syllable after this event
      if (waiting) act();
      waiting = false;
    }, 0);
  }
  field.addEventListener("keydown", (event) => {
    if (!isEnter(event) || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (event.isComposing || event.keyCode === 229) {
      waiting = true;
      // Safari ends the composition before this event and tells only by the old code 229
      if (!event.isComposing) finish();
    } else if (!event.repeat && !pressed && !waiting) act();
  });
  field.addEventListener("keyup", (event) => {
    if (isEnter(event) && !waiting) pressed = false;
  });
  field.addEventListener("compositionend", finish);
  field.addEventListener("blur", () => (waiting = false));
  function fit() {
    field.style.height = "";
    if (field.scrollHeight > field.clientHeight) field.style.height = `${Math.min(field.scrollHeight + 2, 132)}px`;
    send.disabled = !field.value.trim();
  }
  field.addEventListener("input", fit);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    speak();
    field.focus();
  });

  mail.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!address.value.trim() || !address.checkValidity()) {
      warn("wrong");
      address.focus();
      return;
    }
    try {
      knownMail = (await asked("mail", { email: address.value.trim() })).mail;
      mail.hidden = true;
      warn("");
      list.append(make("p", { class: "note" }, words.kept.replace("{mail}", knownMail)));
      log.scrollTop = log.scrollHeight;
      field.focus();
    } catch (trouble) {
      warn(trouble.status === 422 ? "wrong" : trouble instanceof Trouble ? trouble.message : "failed");
    }
  });
  later.addEventListener("click", () => {
    declined = true;
    mail.hidden = true;
    field.focus();
  });
  older.addEventListener("click", async () => {
    const height = log.scrollHeight;
    try {
      const said = await asked("history", { before: earlier });
      earlier = said.earlier ?? "";
      older.hidden = !earlier;
      show(said.lines);
      log.scrollTop += log.scrollHeight - height;
    } catch {
      warn("failed");
    }
  });

  /* opening and closing */
  let greeted = false;
  function toggle(to) {
    if (isOpen === to) return;
    isOpen = to;
    panel.hidden = !to;
    root.classList.toggle("open", to);
    launch.setAttribute("aria-expanded", String(to));
    count(to ? 0 : unread);
    if (!to) {
      launch.focus();
      return;
    }
    if (!greeted) {
      greeted = true;
      const policy = make("a", { target: "_blank", rel: "noopener noreferrer" }, words.privacy);
      policy.href = chat.privacy;
      list.prepend(drawn({ text: chat.greeting?.[language] || words.greeting }), ...(chat.told?.[language] ?? chat.told?.en ?? []).map((text) => drawn({ text })), ...(chat.privacy ? [make("p", { class: "note" }, policy)] : []));
    }
    field.focus();
    log.scrollTop = log.scrollHeight;
    if (signed || token) (token ? look().then(() => void listen()) : start()).catch((trouble) => warn(trouble instanceof Trouble ? trouble.message : "offline"));
    else if (chat.signedOnly) warn("signed_only");
    form.hidden = !signed && chat.signedOnly;
  }
  launch.addEventListener("click", () => toggle(!isOpen));
  close.addEventListener("click", () => toggle(false));
  panel.addEventListener("keydown", (event) => {
    event.stopPropagation(); // the page's own shortcuts are not meant
    if (event.key === "Escape" && !event.isComposing) {
      event.preventDefault();
      toggle(false);
    }
    if (event.key !== "Tab") return;
    const stops = [...panel.querySelectorAll("button, textarea, input, a[href], [tabindex]")].filter((one) => !one.disabled && one.getClientRects().length);
    const [first, last] = [stops[0], stops[stops.length - 1]];
    if (shadow.activeElement === (event.shiftKey ? first : last)) {
      event.preventDefault();
      (event.shiftKey ? last : first).focus();
    }
  });
  document.addEventListener("visibilitychange", () => {
    if (isOpen && visible()) look().catch(() => {});
  });
  addEventListener("pagehide", () => {
    if (token) navigator.sendBeacon(base + "leave", new Blob([JSON.stringify({ token })], { type: "text/plain" }));
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) look().catch(() => {});
  });

  count(0);
  fit();
  const stand = () => document.body.append(host);
  if (document.body) stand();
  else document.addEventListener("DOMContentLoaded", stand);
  if (token) start().catch(() => {});
})();
