// Bring the reader to what is wrong.
export default function errorSummary(element) {
  element.focus();
}
