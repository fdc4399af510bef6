// A reaction without a reload: the button's own post, and the count moves when the server has said yes.
export default function react(button) {
  button.addEventListener("click", async (event) => {
    event.preventDefault();
    if (button.getAttribute("aria-busy")) return;
    button.setAttribute("aria-busy", "true");
    try {
      const body = new URLSearchParams(new FormData(button.form));
      const answer = await fetch(button.formAction, { method: "POST", body, headers: { Accept: "text/html" } });
      if (!answer.ok) throw new Error(String(answer.status));
      turn(button);
    } catch {
      button.form.action = button.formAction;
      button.form.submit();
    } finally {
      button.removeAttribute("aria-busy");
    }
  });
}

function turn(button) {
  const mine = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(mine));
  let count = button.querySelector("[data-count]");
  if (!count) {
    count = document.createElement("span");
    count.dataset.count = "";
    button.append(" ", count);
  }
  const next = Number(count.textContent || 0) + (mine ? 1 : -1);
  count.textContent = next > 0 ? String(next) : "";
}
