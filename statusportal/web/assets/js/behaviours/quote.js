// Put what is selected in a comment, or all of it, into the composer as a quotation. Without a script the link does it.
export default function quote(link) {
  link.addEventListener("click", (event) => {
    const form = document.getElementById("write");
    const comment = document.getElementById(link.dataset.quotes);
    if (!form || !comment || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const words = chosen(comment);
    comment.querySelector("[data-behaviour=reply]")?.click();
    const text = form.querySelector("textarea[name=body]");
    const lines = words.split("\n").map((line) => `> ${line}`.trimEnd()).join("\n");
    text.value = `${text.value ? `${text.value.trimEnd()}\n\n` : ""}${lines}\n\n`;
    text.dispatchEvent(new Event("input", { bubbles: true }));
    const menu = link.closest("details.menu");
    if (menu) menu.open = false;
    text.focus();
    text.setSelectionRange(text.value.length, text.value.length);
  });
  // A click takes the selection away before it is heard.
  link.addEventListener("mousedown", (event) => event.preventDefault());
}

function chosen(comment) {
  const body = comment.querySelector(".comment__body");
  const selection = document.getSelection();
  const words = selection?.toString().trim();
  const inside = words && body.contains(selection.anchorNode) && body.contains(selection.focusNode);
  return inside ? words : body.innerText.trim();
}
