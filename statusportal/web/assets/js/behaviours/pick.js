// Picking a moment or a range on a frozen curve, by mouse, finger or keyboard; it stands in the composer until it is sent.
const MINUTE = 60_000;
const HOLD_MS = 500;
const MOVED_PX = 6;

export default function pick(part) {
  const form = document.querySelector("#write");
  const area = part.querySelector(".chart__area");
  const pins = form?.querySelector("[data-pins]");
  if (!pins || !area) return;
  const chart = JSON.parse(part.dataset.chart);
  const range = element("span", "pick__range");
  const read = element("span", "pick__read");
  const said = element("p", "sr");
  said.setAttribute("role", "status");
  part.append(said);
  area.classList.add("pick");
  area.tabIndex = 0;
  area.setAttribute("role", "group");
  area.setAttribute("aria-label", part.dataset.says);

  let at = null; // where it began
  let to = null; // how far it was stretched
  let hold = null;

  const clamp = (ms) => Math.min(chart.to, Math.max(chart.from, ms));
  const percent = (ms) => (100 * (ms - chart.from)) / (chart.to - chart.from);
  const time = (ms) => new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: "medium", hour12: false, timeZone: document.documentElement.dataset.zone }).format(ms);
  const valueAt = (ms) => chart.points.reduce((best, point) => (Math.abs(point[0] - ms) < Math.abs(best[0] - ms) ? point : best))[1];
  const number = (value) => new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 2 }).format(value).replace("-", "\u2212") + (chart.unit ? ` ${chart.unit}` : "");
  const ends = () => [Math.min(at, to ?? at), Math.max(at, to ?? at)];
  const words = () => {
    const [first, last] = ends();
    return first === last
      ? `${time(first)}, ${part.dataset.label} ${number(valueAt(first))}`
      : `${time(first)} – ${time(last)}, ${part.dataset.label} ${number(valueAt(first))} → ${number(valueAt(last))}`;
  };

  const draw = () => {
    const [first, last] = ends();
    range.style.setProperty("--x", `${percent(first)}%`);
    range.style.setProperty("--w", `${percent(last) - percent(first)}%`);
    const place = percent(to ?? at);
    read.style.setProperty("--x", `${place}%`);
    read.className = `pick__read${place < 30 ? " pick__read--start" : place > 70 ? " pick__read--end" : ""}`;
    read.textContent = words();
    if (!range.isConnected) area.append(range, read);
  };
  const take = () => {
    at = to = null;
    range.remove();
    read.remove();
  };
  const keep = () => {
    const [first, last] = ends();
    const what = words();
    pins.append(draft(what, `${Math.round(first)},${first === last ? "" : Math.round(last)},${chart.signal}`));
    said.textContent = part.dataset.pinned.replace("{what}", what);
    take();
  };

  const draft = (what, value) => {
    const card = element("div", "evidence evidence--draft");
    const pin = element("i", "pin");
    pin.textContent = "·";
    const body = document.createElement("div");
    const head = document.createElement("b");
    head.textContent = what;
    const state = document.createElement("span");
    state.textContent = part.dataset.draft;
    body.append(head, state);
    const back = Object.assign(document.createElement("button"), { type: "button", className: "textbutton", textContent: "×" });
    back.setAttribute("aria-label", `${part.dataset.remove}: ${what}`);
    back.addEventListener("click", () => {
      card.remove();
      area.focus();
    });
    card.append(pin, body, back, Object.assign(document.createElement("input"), { type: "hidden", name: "evidence", value }));
    return card;
  };

  const under = (event) => {
    const box = area.getBoundingClientRect();
    return clamp(chart.from + ((event.clientX - box.left) / box.width) * (chart.to - chart.from));
  };
  let begun = null;
  area.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || event.target.closest("a")) return;
    begun = event;
    const begin = () => {
      at = under(event);
      to = null;
      area.classList.add("pick--held");
      area.setPointerCapture(event.pointerId);
      draw();
    };
    if (event.pointerType === "mouse") begin();
    else hold = setTimeout(begin, HOLD_MS);
  });
  area.addEventListener("pointermove", (event) => {
    if (!begun) return;
    const moved = Math.hypot(event.clientX - begun.clientX, event.clientY - begun.clientY) > MOVED_PX;
    if (at === null) {
      if (moved) stop();
      return;
    }
    if (moved || to !== null) to = under(event);
    draw();
  });
  const stop = () => {
    clearTimeout(hold);
    begun = null;
    area.classList.remove("pick--held");
  };
  area.addEventListener("pointerup", () => {
    if (at !== null && begun) keep();
    stop();
  });
  area.addEventListener("pointercancel", () => {
    stop();
    take();
  });
  // A finger that is held would open the browser's own menu.
  area.addEventListener("contextmenu", (event) => at !== null && event.preventDefault());

  area.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() === "p" && at === null) {
      at = chart.points.at(-1)?.[0] ?? chart.from;
      at = clamp(at);
    } else if (at === null) return;
    else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      const step = event.key === "ArrowLeft" ? -MINUTE : MINUTE;
      if (event.shiftKey) to = clamp((to ?? at) + step);
      else {
        at = clamp((to ?? at) + step);
        to = null;
      }
    } else if (event.key === "Enter") {
      event.preventDefault();
      return keep();
    } else if (event.key === "Escape") return take();
    else return;
    event.preventDefault();
    draw();
    said.textContent = words();
  });
}

function element(name, className) {
  return Object.assign(document.createElement(name), { className });
}
