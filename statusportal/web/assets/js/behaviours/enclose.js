// Files with one's words: chosen, dropped, pasted or photographed, sent at once, and left out again before sending.
// Without this script the form carries the files itself; what fails here leaves words and other files as they are.
export default function enclose(part) {
  const form = part.closest("form");
  const list = part.querySelector("[data-files]");
  const said = part.querySelector("[data-said]");
  const underway = new Set();
  let isWaiting = false;

  const say = (words, name, percent = "") => {
    said.textContent = words.replace("{name}", name).replace("{percent}", String(percent));
  };

  const take = (files) => {
    for (const file of files) send(file, row(list, file));
  };

  const send = (file, item) => {
    const call = new XMLHttpRequest();
    const body = new FormData();
    body.append("file", file, file.name || "pasted.png");
    underway.add(call);
    call.open("POST", part.dataset.target);
    call.setRequestHeader("X-CSRFToken", form.elements.csrf_token.value);
    call.setRequestHeader("Idempotency-Key", item.dataset.key);
    call.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      item.querySelector("progress").value = event.loaded / event.total;
      say(part.dataset.sending, file.name, Math.round((100 * event.loaded) / event.total));
    });
    call.addEventListener("loadend", () => {
      underway.delete(call);
      if (call.status === 201) kept(item, JSON.parse(call.responseText));
      else refused(file, item, call);
      if (isWaiting && underway.size === 0) {
        isWaiting = false;
        if (!list.querySelector("[data-refused]")) form.requestSubmit();
      }
    });
    call.send(body);
  };

  const kept = (item, answer) => {
    const box = Object.assign(document.createElement("input"), { type: "hidden", name: "attachments", value: answer.id });
    item.replaceChildren(box);
    if (answer.preview) item.append(Object.assign(new Image(48, 32), { src: page(answer.preview), alt: "" }));
    item.append(label(answer.name), leaveOut(item, answer));
    say(part.dataset.sent, answer.name);
  };

  const refused = (file, item, call) => {
    item.dataset.refused = "";
    const why = document.createElement("span");
    why.className = "error";
    why.textContent = `${part.dataset.failed.replace("{name}", file.name)} ${reason(call)}`.trim();
    const again = button(part.dataset.again, () => {
      const fresh = row(list, file);
      item.replaceWith(fresh);
      send(file, fresh);
    });
    item.replaceChildren(why, ...(call.status === 422 || call.status === 413 ? [] : [again]), leaveOut(item, { name: file.name }));
    said.textContent = why.textContent;
  };

  const leaveOut = (item, answer) =>
    button("×", () => {
      if (answer.href) fetch(answer.href, { method: "DELETE", headers: { "X-CSRFToken": form.elements.csrf_token.value } });
      item.remove();
      form.querySelector("textarea").focus();
    }, part.dataset.remove.replace("{name}", answer.name));

  for (const input of part.querySelectorAll("[data-pick]")) {
    input.addEventListener("change", () => {
      take(input.files);
      input.value = "";
    });
  }
  const camera = part.querySelector("[data-camera]");
  if (camera && matchMedia("(pointer: coarse)").matches) camera.hidden = false;

  form.addEventListener("paste", (event) => {
    const files = event.clipboardData?.files ?? [];
    if (files.length === 0) return;
    event.preventDefault();
    take(files);
  });
  form.addEventListener("dragover", (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    part.classList.add("enclose--over");
  });
  for (const name of ["dragleave", "drop"]) form.addEventListener(name, () => part.classList.remove("enclose--over"));
  form.addEventListener("drop", (event) => {
    if (event.dataTransfer.files.length === 0) return;
    event.preventDefault();
    take(event.dataTransfer.files);
  });
  // Before the composer's own listener, which marks the words as sent.
  form.addEventListener(
    "submit",
    (event) => {
      if (underway.size === 0) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      isWaiting = true;
      said.textContent = part.dataset.wait;
    },
    true,
  );
}

function row(list, file) {
  const item = document.createElement("li");
  item.className = "enclose__file";
  item.dataset.key = Array.from(crypto.getRandomValues(new Uint8Array(16)), (one) => one.toString(16).padStart(2, "0")).join("");
  const bar = Object.assign(document.createElement("progress"), { max: 1, value: 0 });
  bar.setAttribute("aria-label", file.name);
  item.append(label(file.name), bar);
  list.append(item);
  return item;
}

function label(name) {
  return Object.assign(document.createElement("span"), { className: "clip", textContent: name });
}

function button(words, act, aloud = "") {
  const made = Object.assign(document.createElement("button"), { type: "button", className: "textbutton", textContent: words });
  if (aloud) made.setAttribute("aria-label", aloud);
  made.addEventListener("click", act);
  return made;
}

// The page's own address of what the API names: pages go by the cookie, as everything here does.
function page(address) {
  return address.replace("/api/v1", "");
}

function reason(call) {
  try {
    const problem = JSON.parse(call.responseText);
    return problem.errors?.map((one) => one.detail).join(" ") ?? problem.detail ?? "";
  } catch {
    return "";
  }
}
