// Proof of work for one assessment: looks for a number while people read, once for all steps, and asks nobody anything.
(async () => {
  "use strict";

  const field = document.querySelector("input[name=proof]");
  if (!field || !globalThis.crypto?.subtle) return;
  const { salt, hash, most } = field.dataset;
  const shelf = `proof:${salt}`;
  const REST = 500; // numbers, then the page gets its turn

  const attempt = (act) => {
    try {
      return act();
    } catch {
      return null; // private mode
    }
  };
  const digest = async (text) => {
    const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
    return bytes.reduce((hex, byte) => hex + byte.toString(16).padStart(2, "0"), "");
  };

  field.value = attempt(() => sessionStorage.getItem(shelf)) ?? "";
  for (let number = 0; !field.value && number <= Number(most); number++) {
    if (number % REST === 0) await new Promise((next) => setTimeout(next));
    if ((await digest(`${salt}:${number}`)) !== hash) continue;
    field.value = String(number);
    attempt(() => sessionStorage.setItem(shelf, field.value));
  }
})();
