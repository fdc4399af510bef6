// How long ago, in the page's language; the server says the same in `statusportal.http.formatting`.
const words = {
  en: { d: "d", h: "h", min: "min", s: "s", now: "just now", ago: (text) => `${text} ago` },
  da: { d: "d", h: "t", min: "min", s: "s", now: "lige nu", ago: (text) => `for ${text} siden` },
};

export const language = document.documentElement.lang in words ? document.documentElement.lang : "en";

// The reader's own zone, as the server writes times; the browser may stand elsewhere.
export const zone = document.documentElement.dataset.zone || undefined;

export function ago(moment, now = Date.now()) {
  const said = words[language];
  const seconds = Math.max(0, Math.floor((now - moment) / 1000));
  if (seconds < 1) return said.now;
  for (const [name, size] of [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]]) {
    if (seconds >= size) return said.ago(`${Math.floor(seconds / size)}\u00a0${said[name]}`);
  }
  return said.now;
}

export function number(value, decimals) {
  const digits = decimals === null || decimals === undefined ? { maximumSignificantDigits: 4 } : { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return new Intl.NumberFormat(language, digits).format(value).replace("-", "\u2212");
}

export function moment(ms) {
  const at = new Date(ms);
  const near = Math.abs(Date.now() - ms) < 20 * 3600 * 1000;
  return new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, near ? { timeZone: zone, hour: "2-digit", minute: "2-digit" } : { timeZone: zone, day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }).format(at);
}
