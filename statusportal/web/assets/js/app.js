// Start every behaviour named by `data-behaviour` on the page, and on what arrives in it later.
import "htmx.org";
import age from "./behaviours/age.js";
import chart from "./behaviours/chart.js";
import composer from "./behaviours/composer.js";
import confirm from "./behaviours/confirm.js";
import copyLink from "./behaviours/copy-link.js";
import draft from "./behaviours/draft.js";
import enclose from "./behaviours/enclose.js";
import errorSummary from "./behaviours/error-summary.js";
import fleeting from "./behaviours/fleeting.js";
import live from "./behaviours/live.js";
import liveState from "./behaviours/live-state.js";
import menu from "./behaviours/menu.js";
import mention from "./behaviours/mention.js";
import passkey from "./behaviours/passkey.js";
import pick from "./behaviours/pick.js";
import quote from "./behaviours/quote.js";
import react from "./behaviours/react.js";
import reply from "./behaviours/reply.js";
import searchKey from "./behaviours/search-key.js";
import theme from "./behaviours/theme.js";
import threadKeys from "./behaviours/thread-keys.js";
import ticked from "./behaviours/ticked.js";
import { dropSent } from "./drafts.js";

const behaviours = {
  age,
  chart,
  composer,
  confirm,
  "copy-link": copyLink,
  draft,
  enclose,
  "error-summary": errorSummary,
  fleeting,
  live,
  "live-state": liveState,
  menu,
  mention,
  passkey,
  pick,
  quote,
  react,
  reply,
  "search-key": searchKey,
  theme,
  "thread-keys": threadKeys,
  ticked,
};
const started = new WeakSet();

export function start(root) {
  const found = root.matches?.("[data-behaviour]") ? [root] : [];
  for (const element of [...found, ...root.querySelectorAll("[data-behaviour]")]) {
    if (started.has(element)) continue;
    started.add(element);
    behaviours[element.dataset.behaviour]?.(element);
  }
}

document.documentElement.dataset.scripted = "";
dropSent();
start(document.body.parentElement);
for (const here of document.querySelectorAll(".tabs [aria-current]")) here.scrollIntoView({ inline: "center", block: "nearest" });
document.addEventListener("portal:arrived", (event) => start(event.target));
document.addEventListener("htmx:load", (event) => start(event.detail.elt));
