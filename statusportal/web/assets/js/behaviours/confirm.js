// Ask before a form that takes something away. Without a script the form posts, and the server's tombstone keeps the place.
export default function confirm(form) {
  form.addEventListener("submit", (event) => {
    if (!window.confirm(form.dataset.question)) event.preventDefault();
  });
}
