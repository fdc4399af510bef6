// Take over a drawn chart: read it with the pointer or the arrow keys, change its range without a reload.
// Limits are a band, a gap is never bridged, and the table under it always tells the same.
import uPlot from "uplot";
import { moment, number, zone } from "../speech.js";

const widest = 500;
// A number at the very top would lose its upper half.
const halfLine = 7;
const hours = { "8h": 8, "24h": 24, "7d": 168, "30d": 720, "90d": 2160 };

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export default function chart(figure) {
  const given = JSON.parse(figure.dataset.chart);
  const area = figure.querySelector(".chart__area");
  const place = document.createElement("div");
  place.className = "chart__live";
  place.tabIndex = 0;
  place.setAttribute("role", "group");
  place.setAttribute("aria-label", figure.dataset.says);
  const read = document.createElement("p");
  read.className = "chart__read";
  read.setAttribute("role", "status");
  figure.append(read);
  const state = { points: given.points, from: given.from, to: given.to, at: null, ends: [given.bottom, given.top] };
  let drawn = null;

  function say(index) {
    const point = state.points[index];
    if (!point) read.textContent = "";
    else read.textContent = `${moment(point[0])}: ${point[1] === null ? figure.dataset.gap : `${number(point[1], given.decimals)}\u00a0${given.unit}`}`;
  }

  function draw() {
    drawn?.destroy();
    area.append(place);
    drawn = new uPlot(options(given, state, place, say), columns(state.points), place);
    figure.dataset.liveChart = "";
  }

  async function load(link) {
    const to = Date.now();
    const from = to - hours[link.dataset.name] * 3600 * 1000;
    const address = new URL(given.source, location.origin);
    for (const [name, value] of Object.entries({ from, to, max_points: widest })) address.searchParams.set(name, value);
    figure.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const body = await answer.json();
      state.points = withGaps((body.series?.[0] ?? body).points, (to - from) / widest);
      Object.assign(state, { from, to, at: null, ends: null });
      figure.dataset.moved = "";
      for (const one of figure.querySelectorAll(".segmented a")) one.toggleAttribute("aria-current", one === link);
      link.setAttribute("aria-current", "true");
      figure.querySelector(".ribbon")?.remove();
      figure.querySelector(".ribbon__key")?.remove();
      history.replaceState(null, "", link.href);
      draw();
      fillTable(figure, state.points, given, figure.dataset.gap);
      read.textContent = "";
    } catch {
      read.textContent = figure.dataset.failed;
    } finally {
      figure.removeAttribute("aria-busy");
    }
  }

  for (const link of figure.querySelectorAll(".segmented a")) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || !(link.dataset.name in hours)) return;
      event.preventDefault();
      load(link);
    });
  }
  place.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 }[event.key];
    if (event.key === "Home") state.at = 0;
    else if (event.key === "End") state.at = state.points.length - 1;
    else if (step) state.at = Math.min(state.points.length - 1, Math.max(0, (state.at ?? state.points.length) + step));
    else return;
    event.preventDefault();
    const point = state.points[state.at];
    if (!point) return;
    drawn.setCursor({ left: drawn.valToPos(point[0] / 1000, "x"), top: 0 }, false);
    say(state.at);
  });
  draw();
  new ResizeObserver(() => drawn.setSize({ width: place.clientWidth, height: place.clientHeight })).observe(place);
  document.addEventListener("portal:theme", draw);
}

function columns(points) {
  return [points.map((point) => point[0] / 1000), points.map((point) => (typeof point[1] === "boolean" ? Number(point[1]) : point[1]))];
}

// More than five usual steps without a value is silence; a null keeps the line from crossing it.
function withGaps(points, least) {
  const steps = points.slice(1).map((point, index) => point[0] - points[index][0]).sort((a, b) => a - b);
  const usual = Math.max(least, steps[Math.floor(steps.length / 2)] ?? 0);
  return points.flatMap((point, index) => (index > 0 && point[0] - points[index - 1][0] > usual * 5 ? [[points[index - 1][0] + 1, null], point] : [point]));
}

function options(given, state, place, say) {
  const axis = { stroke: colour("--ink-3"), grid: { stroke: colour("--grid"), width: 1 }, ticks: { show: false }, font: "12px system-ui, sans-serif" };
  return {
    width: place.clientWidth,
    height: place.clientHeight,
    padding: [0, 0, 0, 0],
    tzDate: (seconds) => (zone ? uPlot.tzDate(new Date(seconds * 1000), zone) : new Date(seconds * 1000)),
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 8 } },
    scales: {
      x: { time: true, range: () => [state.from / 1000, state.to / 1000] },
      y: { range: (_, low, high) => state.ends ?? reach(low, high, given) },
    },
    axes: [
      { ...axis, size: 24, gap: 6, values: (_, splits) => splits.map((at) => (at * 1000 > state.to - (state.to - state.from) * 0.03 ? null : short(at * 1000, state.to - state.from))), space: 70 },
      { ...axis, size: innerWidth <= 640 ? 32 : 40, gap: 6, space: 50, values: (plot, splits) => splits.map((value) => (plot.valToPos(value, "y") < halfLine ? null : number(value))) },
    ],
    series: [{}, { stroke: colour("--plot"), width: 1.75, spanGaps: false, points: { show: state.points.length < 3 } }],
    hooks: {
      drawClear: [(plot) => limits(plot, given), (plot) => outside(plot, given, state.points)],
      setCursor: [(plot) => { if (plot.cursor.idx !== null && plot.cursor.idx !== undefined && plot.cursor.left >= 0) say(plot.cursor.idx); }],
    },
  };
}

function short(ms, span) {
  const shape = span <= 2 * 86400000 ? { hour: "2-digit", minute: "2-digit" } : { day: "numeric", month: "short" };
  const language = document.documentElement.lang;
  return new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { ...shape, timeZone: zone }).format(ms);
}

function reach(low, high, given) {
  const known = [low, high, given.low, given.high].filter((value) => value !== null && value !== undefined && Number.isFinite(value));
  if (known.length === 0) return [0, 1];
  const bottom = Math.min(...known);
  const top = Math.max(...known);
  const room = (top - bottom) * 0.12 || Math.abs(top) * 0.12 || 1;
  return [bottom - room, top + room];
}

function limits(plot, given) {
  if (given.low === null && given.high === null) return;
  const { ctx } = plot;
  const { left, top, width, height } = plot.bbox;
  const y = (value, otherwise) => (value === null ? otherwise : plot.valToPos(value, "y", true));
  const roof = Math.max(top, y(given.high, top));
  const floor = Math.min(top + height, y(given.low, top + height));
  ctx.save();
  ctx.fillStyle = colour("--band");
  ctx.fillRect(left, roof, width, Math.max(0, floor - roof));
  ctx.strokeStyle = colour("--band-edge");
  ctx.setLineDash([4, 4]);
  for (const [value, at] of [[given.high, roof], [given.low, floor]]) {
    if (value === null) continue;
    ctx.beginPath();
    ctx.moveTo(left, at);
    ctx.lineTo(left + width, at);
    ctx.stroke();
  }
  ctx.restore();
}

// The part outside the limits takes the colour of the health that it means.
function outside(plot, given, points) {
  const { ctx } = plot;
  const { left, top, width, height } = plot.bbox;
  const x = (at) => plot.valToPos(at / 1000, "x", true);
  const y = (value) => plot.valToPos(value, "y", true);
  for (const limit of [given.high, given.low]) {
    if (limit === null) continue;
    const edge = y(limit);
    ctx.save();
    ctx.beginPath();
    if (limit === given.high) ctx.rect(left, top, width, Math.max(0, edge - top));
    else ctx.rect(left, edge, width, Math.max(0, top + height - edge));
    ctx.clip();
    ctx.globalAlpha = 0.38;
    ctx.fillStyle = colour(`--${{ off_spec: "off-spec", maintenance_required: "maintenance", check_function: "check" }[given.health] ?? given.health}`);
    for (const run of runs(points)) {
      ctx.beginPath();
      ctx.moveTo(x(run[0][0]), edge);
      for (const [at, value] of run) ctx.lineTo(x(at), y(value));
      ctx.lineTo(x(run.at(-1)[0]), edge);
      ctx.fill();
    }
    ctx.restore();
  }
}

function runs(points) {
  const found = [[]];
  for (const point of points) {
    if (point[1] === null) found.push([]);
    else found.at(-1).push(point);
  }
  return found.filter((run) => run.length > 1);
}

function fillTable(figure, points, given, gap) {
  const body = figure.parentElement.querySelector(".table-toggle tbody");
  if (!body) return;
  const stride = Math.max(1, Math.ceil(points.length / 24));
  const rows = points.filter((_, index) => index % stride === 0).map(([at, value]) => {
    const row = document.createElement("tr");
    const time = row.insertCell();
    time.textContent = moment(at);
    const cell = row.insertCell();
    cell.className = "num";
    cell.textContent = value === null ? gap : number(value, given.decimals);
    return row;
  });
  if (rows.length > 0) body.replaceChildren(...rows);
}
