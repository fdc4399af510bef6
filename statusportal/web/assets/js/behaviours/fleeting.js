// Something that can be taken back for a moment only: the button goes when the moment has passed.
export default function fleeting(element) {
  setTimeout(() => element.remove(), Number(element.dataset.seconds) * 1000);
}
