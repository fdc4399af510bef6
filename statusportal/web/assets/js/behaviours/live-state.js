// Say in words whether the page is live.
export default function liveState(element) {
  if (!document.querySelector("[data-live-topic]")) {
    element.hidden = true;
    return;
  }
  const words = element.querySelector("[data-words]");
  const show = (state) => {
    element.dataset.live = state;
    const said = words.dataset[state] ?? "";
    if (words.textContent !== said) words.textContent = said;
  };
  document.addEventListener("portal:live", (event) => show(event.detail));
  window.addEventListener("offline", () => show("off"));
  show(navigator.onLine ? "again" : "off");
}
