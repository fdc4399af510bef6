// Live pages: the socket nudges, HTTP carries. An element with `data-live-topic` and `data-live-src` is fetched again
// when its topic changes and morphed in place. `data-live-mode="announce"` waits for the reader's click instead.
import { Idiomorph } from "idiomorph/dist/idiomorph.esm.js";

const slow = 15000;
const calm = 400;

export default async function live(body) {
  const versions = {};
  const due = new Map();
  let polling = null;

  const parts = () => [...document.querySelectorAll("[data-live-topic][data-live-src]")];
  const topics = () => [...new Set(parts().map((part) => part.dataset.liveTopic))];
  if (topics().length === 0) return tell("on");

  const refresh = (topic, only = "") => {
    const key = `${topic} ${only}`;
    if (due.has(key)) return;
    due.set(key, setTimeout(async () => {
      due.delete(key);
      const wanted = parts().filter((one) => one.dataset.liveTopic === topic && (!only || one.id === only));
      for (const part of wanted) await fetchPart(part, body);
    }, calm));
  };
  const refreshAll = () => topics().forEach((topic) => refresh(topic));
  const poll = (on) => {
    clearInterval(polling);
    polling = on ? setInterval(() => document.hidden || refreshAll(), slow) : null;
  };

  const { io } = await import("socket.io-client");
  const socket = io("/live", { path: body.dataset.liveSocket, transports: ["websocket", "polling"], reconnectionDelayMax: 15000 });
  for (const part of parts()) if (part.dataset.liveVersion) versions[part.dataset.liveTopic] = Number(part.dataset.liveVersion);

  socket.on("connect", () => {
    poll(false);
    socket.emit("watch", { topics: topics(), since: versions }, (answer) => {
      tell("on");
      for (const [topic, { state, version }] of Object.entries(answer ?? {})) {
        if (state === "ok" && version !== versions[topic] && topic in versions) refresh(topic);
        if (state === "ok") versions[topic] = version;
      }
    });
  });
  socket.on("changed", ({ topic, version }) => {
    // Another, not a greater one: with the next owner of a machine the count starts again.
    if (version && version === versions[topic]) return;
    versions[topic] = version;
    refresh(topic);
  });
  const lost = () => {
    tell(navigator.onLine ? "again" : "off");
    if (!polling) poll(true);
  };
  socket.on("disconnect", lost);
  socket.on("connect_error", lost);
  window.addEventListener("online", () => { socket.connect(); refreshAll(); });
  // Values arrive without a change of status, and a nudge for each would be a flood: such a part says how often it is due.
  for (const part of parts()) {
    const every = Number(part.dataset.liveEvery ?? 0) * 1000;
    if (every) setInterval(() => document.hidden || refresh(part.dataset.liveTopic, part.id), every);
  }
  document.addEventListener("visibilitychange", () => { if (!document.hidden && !socket.connected) refreshAll(); });
}

function tell(state) {
  document.dispatchEvent(new CustomEvent("portal:live", { detail: state }));
}

async function fetchPart(part, body) {
  let page;
  try {
    const answer = await fetch(part.dataset.liveSrc, { headers: { Accept: "text/html", "X-Live": "1" }, redirect: "error" });
    if (!answer.ok) return;
    page = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return;
  }
  const fresh = page.getElementById(part.dataset.livePart ?? part.id);
  if (!fresh) return;
  if (part.dataset.liveMode === "announce") announce(part, fresh, body);
  else morph(part, fresh);
}

// The reader stays where they are: what stands above may grow, so the nearest visible thing keeps its place.
function morph(part, fresh) {
  const anchor = anchorIn(part);
  const before = anchor?.getBoundingClientRect().top;
  Idiomorph.morph(part, fresh, {
    morphStyle: "outerHTML",
    ignoreActiveValue: true,
    restoreFocus: true,
    callbacks: { beforeNodeMorphed: keepReaders },
  });
  const arrived = document.getElementById(part.id) ?? part;
  if (anchor?.isConnected && before !== undefined) {
    const moved = anchor.getBoundingClientRect().top - before;
    if (Math.abs(moved) > 1) window.scrollBy({ top: moved, behavior: "instant" });
  }
  arrived.dispatchEvent(new CustomEvent("portal:arrived", { bubbles: true }));
}

// What the reader opened, folded or wrote is theirs: it is not taken from the server.
function keepReaders(old, fresh) {
  if (old instanceof HTMLDetailsElement && fresh instanceof HTMLDetailsElement) fresh.open = old.open;
  if (old instanceof Element && (old.hasAttribute("data-keep") || old.matches("[data-live-chart]"))) return false;
  if (old instanceof HTMLFormElement && old.contains(document.activeElement)) return false;
  return true;
}

function anchorIn(part) {
  const seen = (element) => { const top = element.getBoundingClientRect().top; return top >= 0 && top < innerHeight; };
  if (document.activeElement && document.activeElement !== document.body && seen(document.activeElement)) return document.activeElement;
  return [...document.querySelectorAll("[data-comment], h1, h2")].find((element) => seen(element)) ?? part;
}

function announce(part, fresh, body) {
  const known = new Set([...part.querySelectorAll("[data-comment]")].map((one) => one.id));
  const arrived = [...fresh.querySelectorAll("[data-comment]")].filter((one) => !known.has(one.id));
  if (arrived.length === 0) return morphBesideComposer(part, fresh);
  const said = arrived.length === 1 ? body.dataset.newOne : body.dataset.newMany.replace("{n}", String(arrived.length));
  let button = part.querySelector(".newbutton");
  if (!button) {
    button = document.createElement("button");
    button.type = "button";
    button.className = "newbutton";
    const place = part.querySelector("[data-keep]");
    if (place) place.before(button);
    else part.append(button);
  }
  button.textContent = said;
  const voice = part.querySelector("[data-announce]");
  if (voice) voice.textContent = said;
  button.onclick = () => {
    button.remove();
    morphBesideComposer(part, fresh);
    const first = document.getElementById(arrived[0].id);
    first?.classList.add("comment--new");
    first?.scrollIntoView({ block: "center" });
    first?.focus({ preventScroll: true });
  };
}

// A composer that stands under a comment is brought home first, and returned with its words.
function morphBesideComposer(part, fresh) {
  const form = document.getElementById("write");
  const home = document.getElementById("composer-place");
  const parent = form?.elements.parent_id.value;
  const away = form && home && !home.contains(form);
  const focused = away && form.contains(document.activeElement) ? document.activeElement : null;
  if (away) home.append(form);
  morph(part, fresh);
  if (away && parent) {
    const target = document.getElementById(`c-${parent}`);
    (target?.closest(".internal") ?? target)?.after(form);
    focused?.focus({ preventScroll: true });
  }
}
