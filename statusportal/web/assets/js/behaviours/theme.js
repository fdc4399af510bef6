// Change the theme at once; the form's post keeps it in the cookie that the server reads.
export default function theme(form) {
  const button = form.querySelector("button");
  const dark = () => (document.documentElement.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const wanted = dark() ? "light" : "dark";
    document.documentElement.dataset.theme = wanted;
    button.value = dark() ? "light" : "dark";
    const body = new URLSearchParams(new FormData(form));
    body.set("theme", wanted);
    try {
      await fetch(form.action, { method: "POST", body, redirect: "manual" });
    } catch {
      // Without a network the theme holds for this page only.
    }
    document.dispatchEvent(new CustomEvent("portal:theme"));
  });
}
