// "/" goes to the search field from anywhere that is not a field.
export default function searchKey(input) {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    if (input.offsetParent === null) return;
    event.preventDefault();
    input.focus();
    input.select();
  });
}
