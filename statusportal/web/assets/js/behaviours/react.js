// A reaction without a reload: the form's own post, and the count moves when the server has said yes.
export default function react(form) {
  const button = form.querySelector("button");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.getAttribute("aria-busy")) return;
    button.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { Accept: "text/html" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const mine = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(mine));
      let count = form.querySelector("[data-count]");
      if (!count) {
        count = document.createElement("span");
        count.dataset.count = "";
        button.append(" ", count);
      }
      const next = Number(count.textContent || 0) + (mine ? 1 : -1);
      count.textContent = next > 0 ? String(next) : "";
    } catch {
      form.submit();
    } finally {
      button.removeAttribute("aria-busy");
    }
  });
}
