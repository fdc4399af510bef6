// Ask before something is taken away. Without a script it is posted at once, and a tombstone keeps its place.
export default function confirm(button) {
  button.addEventListener("click", (event) => {
    if (!window.confirm(button.dataset.question)) event.preventDefault();
  });
}
