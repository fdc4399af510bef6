// The composer: keeps a draft in this browser, says to how many it sends, turns plum for internal notes.
import { markSent, readDraft, writeDraft } from "../drafts.js";

export default function composer(form) {
  const text = form.querySelector("textarea");
  const state = form.querySelector("[data-state]");
  const send = form.querySelector("button[type=submit]");
  const audience = form.elements.audience;
  const key = form.dataset.draft;
  let timer = null;

  const stored = readDraft(key);
  if (stored && !text.value) {
    text.value = stored;
    state.textContent = form.dataset.kept;
  }

  text.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      writeDraft(key, text.value);
      state.textContent = text.value ? form.dataset.kept : "";
    }, 400);
  });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });

  const showAudience = () => {
    const chosen = audience?.selectedOptions?.[0] ?? audience;
    const internal = chosen?.value === "internal";
    form.classList.toggle("composer--internal", internal);
    const readers = Number(chosen?.dataset?.readers ?? 0);
    if (internal) send.textContent = form.dataset.internal;
    else if (readers === 1) send.textContent = form.dataset.peopleOne;
    else if (readers > 1) send.textContent = form.dataset.peopleMany.replace("{n}", String(readers));
    else send.textContent = form.dataset.plain;
  };
  audience?.addEventListener?.("change", showAudience);
  showAudience();

  form.addEventListener("submit", (event) => {
    if (send.getAttribute("aria-busy")) return event.preventDefault();
    send.setAttribute("aria-busy", "true");
    clearTimeout(timer);
    // The page that follows proves that it was taken; until then the draft stays and is cleared by that page.
    markSent(key);
    writeDraft(key, text.value);
  });
  window.addEventListener("pageshow", () => send.removeAttribute("aria-busy"));
}
