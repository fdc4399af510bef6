// Keep "4 s ago" true without a flash: one timer for the whole page, text only when it changed.
import { ago } from "../speech.js";

const watched = new Set();
let timer = null;

function tick() {
  const now = Date.now();
  for (const element of watched) {
    if (!element.isConnected) {
      watched.delete(element);
      continue;
    }
    const said = ago(Date.parse(element.dateTime), now);
    if (element.textContent !== said) element.textContent = said;
  }
}

export default function age(element) {
  watched.add(element);
  timer ??= setInterval(() => document.hidden || tick(), 1000);
}
document.addEventListener("visibilitychange", () => document.hidden || tick());
