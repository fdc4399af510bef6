// Copy an address. It survives a sign-in, because a page without a session goes to sign-in and comes back.
export default function copyLink(button) {
  const said = button.querySelector("[data-words]") ?? button;
  const words = said.textContent;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      said.textContent = button.dataset.done;
      said.setAttribute("role", "status");
      setTimeout(() => { said.textContent = words; }, 2500);
    } catch {
      window.prompt(button.dataset.byHand, button.dataset.copy);
    }
  });
}
