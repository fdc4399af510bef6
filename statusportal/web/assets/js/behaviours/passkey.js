// Let the device make or show a passkey, put what it says into the form, and send the form.
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
const named = (list = []) => list.map((one) => ({ ...one, id: bytes(one.id) }));

async function make(options) {
  return navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: named(options.excludeCredentials),
    },
  });
}

async function show(options) {
  return navigator.credentials.get({
    publicKey: { ...options, challenge: bytes(options.challenge), allowCredentials: named(options.allowCredentials) },
  });
}

// What W3C calls RegistrationResponseJSON and AuthenticationResponseJSON; older browsers have no toJSON of their own.
function asJson({ id, type, rawId, response, authenticatorAttachment }) {
  const said = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) said[name] = text(response[name]);
  }
  return JSON.stringify({ id, type, rawId: text(rawId), response: said, authenticatorAttachment, clientExtensionResults: {} });
}

export default function passkey(form) {
  const trouble = form.querySelector("[data-trouble]");
  const say = (words) => { trouble.textContent = words; trouble.hidden = false; };
  const button = form.querySelector("[type=submit]");
  if (!window.isSecureContext || !window.PublicKeyCredential) {
    say(form.dataset.unable);
    button.disabled = true;
    return;
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    trouble.hidden = true;
    button.disabled = true;
    try {
      const act = form.dataset.act === "make" ? make : show;
      form.elements.credential.value = asJson(await act(JSON.parse(form.dataset.options)));
      form.submit();
    } catch {
      say(form.dataset.refused);
      button.disabled = false;
    }
  });
}
