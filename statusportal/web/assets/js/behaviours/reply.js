// Bring the composer under the comment that is answered. Without a script the link opens the page with it filled in.
const widths = ["internal", "organisation", "shared", "model", "public"];

export default function reply(link) {
  link.addEventListener("click", (event) => {
    const form = document.getElementById("write");
    if (!form || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const item = link.closest("li");
    const home = document.getElementById("composer-place");
    const text = form.querySelector("textarea");
    form.elements.parent_id.value = link.dataset.parent;
    form.querySelector("[data-to-words]").textContent = link.dataset.to;
    form.querySelector("[data-to]").hidden = false;
    narrow(form, link.dataset.audience);
    const after = link.closest(".internal") ?? link.closest("article") ?? item;
    after.after(form);
    form.querySelector("[data-to-all]").onclick = (back) => {
      back.preventDefault();
      form.elements.parent_id.value = "";
      form.querySelector("[data-to]").hidden = true;
      narrow(form, undefined);
      home.append(form);
      text.focus();
    };
    text.focus();
  });
}

// A comment is never wider than its parent; the server refuses it too.
function narrow(form, audience) {
  const select = form.querySelector("select[data-audiences]");
  if (!select) return;
  const widest = audience ? widths.indexOf(audience) : widths.length;
  for (const option of select.options) option.disabled = option.hidden = widths.indexOf(option.value) > widest;
  if (select.selectedOptions[0]?.disabled) select.value = [...select.options].find((option) => !option.disabled)?.value ?? "";
  select.dispatchEvent(new Event("change", { bubbles: true }));
}
