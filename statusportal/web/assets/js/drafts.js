// Drafts live in this browser only. A draft is dropped by the page that follows a sent form, not by the sending.
const keep = "portal:draft:";
const sent = "portal:sent";

export function readDraft(name) {
  try {
    return localStorage.getItem(keep + name) ?? "";
  } catch {
    return "";
  }
}

export function writeDraft(name, value) {
  try {
    if (value) localStorage.setItem(keep + name, value);
    else localStorage.removeItem(keep + name);
  } catch {
    // A browser that keeps nothing still sends.
  }
}

export function markSent(name) {
  try {
    sessionStorage.setItem(sent, keep + name);
  } catch {
    // Then the draft simply stays.
  }
}

// A sent draft belongs to the page before; dropping it must not wait for the same form to be drawn again.
export function dropSent() {
  try {
    const key = sessionStorage.getItem(sent);
    if (!key || document.querySelector("[aria-invalid], [role=alert]")) return;
    sessionStorage.removeItem(sent);
    localStorage.removeItem(key);
  } catch {
    // Nothing was kept.
  }
}
