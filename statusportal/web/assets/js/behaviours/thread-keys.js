// Walk a conversation by keys. They are silent in fields, under a dialog, and together with Ctrl, Alt or Meta.
export default function threadKeys(button) {
  const dialog = document.getElementById("keys");
  button.addEventListener("click", () => dialog.showModal());
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act(dialog);
  });
}

const seen = () => [...document.querySelectorAll("[data-comment]")].filter((one) => one.offsetParent !== null);
const here = () => document.activeElement?.closest("[data-comment]") ?? null;

function go(comment) {
  if (!comment) return;
  comment.scrollIntoView({ block: "nearest" });
  comment.focus({ preventScroll: true });
}

function step(by) {
  const all = seen();
  const at = all.indexOf(here());
  const first = all.findIndex((one) => one.getBoundingClientRect().top >= 0);
  go(at < 0 ? all[Math.max(first, 0)] : all[at + by]);
}

const press = (name) => here()?.querySelector(`[data-behaviour=${name}]`)?.click();

const acts = {
  j: () => step(1),
  k: () => step(-1),
  n: () => {
    const fresh = document.querySelector(".comment--new");
    if (fresh) go(fresh);
    else document.querySelector("[data-first-new]")?.click();
  },
  u: () => go(here()?.closest("details.replies")?.parentElement?.querySelector("[data-comment]")),
  f: () => {
    const branch = here()?.closest("li")?.querySelector(":scope > details.replies");
    if (branch) branch.open = !branch.open;
  },
  r: () => press("reply"),
  q: () => press("quote"),
  c: () => document.getElementById("say")?.focus(),
  "?": (dialog) => dialog.showModal(),
};
