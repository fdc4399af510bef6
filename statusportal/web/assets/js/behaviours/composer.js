// The composer: keeps a draft in this browser and on the server, says to how many it sends, turns plum for internal notes.
import { markSent, readDraft, writeDraft } from "../drafts.js";

export default function composer(form) {
  const text = form.querySelector("textarea[name=body]");
  const state = form.querySelector("[data-state]");
  const send = form.querySelector("[data-send]");
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
      keepThere(form, text.value);
    }, 400);
  });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit(send);
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

  // What belongs to one kind of comment is shown with that kind. Without a script all of it is there.
  const kind = form.elements.kind;
  const showKind = () => {
    for (const part of form.querySelectorAll("[data-for-kind]")) {
      part.hidden = part.dataset.forKind !== kind?.value;
      if (part instanceof HTMLDetailsElement && !part.hidden) part.open = true;
      if (part.hidden) for (const field of part.querySelectorAll("input, select")) field.value = "";
    }
  };
  kind?.addEventListener("change", showKind);
  showKind();

  form.addEventListener("submit", (event) => {
    if (event.submitter?.hasAttribute("data-preview")) return writeDraft(key, text.value);
    if (send.getAttribute("aria-busy")) return event.preventDefault();
    send.setAttribute("aria-busy", "true");
    clearTimeout(timer);
    clearTimeout(waiting);
    // The page that follows proves that it was taken; until then the draft stays and is cleared by that page.
    markSent(key);
    writeDraft(key, text.value);
  });
  window.addEventListener("pageshow", () => send.removeAttribute("aria-busy"));
}

// On the server too, at most every other second, so that another device goes on where this one stopped.
let waiting = null;
function keepThere(form, body) {
  clearTimeout(waiting);
  waiting = setTimeout(async () => {
    const token = document.querySelector("meta[name=csrf-token]")?.content ?? "";
    const parent = form.elements.parent_id.value || null;
    try {
      await fetch(form.dataset.server, {
        method: "PUT",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token },
        body: JSON.stringify({ body, parent_id: parent }),
      });
    } catch {
      // This browser has it.
    }
  }, 1600);
}
