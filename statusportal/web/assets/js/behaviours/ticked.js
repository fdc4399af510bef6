// Say in words what is ticked in a form, as the boxes change. Without a script each box says by itself what it gives.
export default function ticked(words) {
  const form = document.getElementById(words.dataset.form);
  if (!form) return;
  const list = new Intl.ListFormat(document.documentElement.lang, { type: "conjunction" });
  const say = () => {
    const boxes = [...form.querySelectorAll("input[data-word]:checked")];
    words.textContent = list.format(boxes.map((box) => box.dataset.word));
  };
  form.addEventListener("change", say);
  form.addEventListener("reset", () => setTimeout(say));
  say();
}
