// Keep what is written in a form's title and body until it has been sent.
import { markSent, readDraft, writeDraft } from "../drafts.js";

export default function draft(form) {
  const name = form.dataset.draft;
  const state = form.querySelector("[data-state]");
  const fields = [...form.querySelectorAll("input[name=title], textarea")];
  const kept = JSON.parse(readDraft(name) || "{}");
  for (const field of fields) {
    if (!field.value && kept[field.name]) {
      field.value = kept[field.name];
      state.textContent = form.dataset.kept;
    }
  }
  let timer = null;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const words = Object.fromEntries(fields.filter((field) => field.value).map((field) => [field.name, field.value]));
      writeDraft(name, Object.keys(words).length ? JSON.stringify(words) : "");
      state.textContent = Object.keys(words).length ? form.dataset.kept : "";
    }, 400);
  });
  form.addEventListener("submit", () => markSent(name));
}
