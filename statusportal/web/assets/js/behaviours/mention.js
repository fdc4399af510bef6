// Behind an @ the people are listed who may be called here. Without a script the name is typed in full.
export default function mention(text) {
  const form = text.form;
  const list = form.querySelector("[data-people]");
  let people = [];
  let chosen = 0;

  const close = () => { people = []; list.hidden = true; text.removeAttribute("aria-activedescendant"); };
  const begun = () => /(?:^|[\s(])@([^@\n]{0,40})$/.exec(text.value.slice(0, text.selectionStart))?.[1];

  const draw = () => {
    list.replaceChildren(...people.map(({ name, role }, place) => {
      const item = document.createElement("li");
      item.role = "option";
      item.id = `person-${place}`;
      item.textContent = role ? `${name} · ${role}` : name;
      item.setAttribute("aria-selected", String(place === chosen));
      item.addEventListener("mousedown", (event) => { event.preventDefault(); take(place); });
      return item;
    }));
    list.hidden = people.length === 0;
    if (people.length) text.setAttribute("aria-activedescendant", `person-${chosen}`);
  };

  const take = (place) => {
    const at = text.selectionStart;
    const from = at - begun().length;
    text.setRangeText(`${people[place].name} `, from, at, "end");
    close();
    text.dispatchEvent(new Event("input", { bubbles: true }));
  };

  let timer = null;
  text.addEventListener("input", () => {
    clearTimeout(timer);
    const words = begun();
    if (words === undefined) return close();
    timer = setTimeout(async () => {
      const query = new URLSearchParams({ q: words.trim(), audience: form.elements.audience?.value ?? "" });
      try {
        const answer = await fetch(`${text.dataset.peopleSrc}?${query}`);
        people = answer.ok && begun() === words ? (await answer.json()).items.slice(0, 6) : [];
      } catch {
        people = [];
      }
      chosen = 0;
      draw();
    }, 150);
  });
  text.addEventListener("keydown", (event) => {
    if (!people.length || event.ctrlKey || event.metaKey) return;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) chosen = (chosen + steps[event.key] + people.length) % people.length;
    else if (event.key === "Enter" || event.key === "Tab") take(chosen);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    if (people.length) draw();
  });
  text.addEventListener("blur", close);
}
