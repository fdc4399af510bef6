// A `details` menu closes with Escape, with a click elsewhere, and when another opens.
const open = new Set();

export default function menu(details) {
  details.addEventListener("toggle", () => {
    if (!details.open) return open.delete(details);
    for (const other of open) other.open = false;
    open.add(details);
  });
  details.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !details.open) return;
    details.open = false;
    details.querySelector("summary").focus();
  });
}
document.addEventListener("click", (event) => {
  for (const details of open) if (!details.contains(event.target)) details.open = false;
});
