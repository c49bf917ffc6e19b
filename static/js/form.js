// One step of the form: every answer is saved as it is given, kept on this device while there is no connection,
// and can be given by keys. Without this script the form works all the same.
(() => {
  "use strict";

  const form = document.querySelector("form[data-assessment]");
  const state = document.querySelector("[data-save-state]");
  if (!form || !state) return;

  const PATIENCE = 10_000; // ms for one save
  const PAUSES = [2_000, 5_000, 15_000, 30_000]; // ms between tries
  const shelf = `answers:${form.dataset.assessment}`;

  let given = 0; // answers given on this page
  let saved = 0; // of them the server has
  let saving = null;
  let failures = 0;
  let timer = 0;
  let leaving = false;
  let ended = false; // nothing of this page can be saved any more

  // What is kept on this device: answers only, never an address, and of this assessment only.

  const attempt = (act) => {
    try {
      return act();
    } catch {
      return null; // private mode, or the shelf is full
    }
  };
  const kept = () => attempt(() => JSON.parse(localStorage.getItem(shelf))) || {};
  const isChoice = (input) => ["radio", "checkbox"].includes(input.type);
  const chosen = (name) =>
    [...form.querySelectorAll("input")].filter((input) => input.name === name && input.checked).map((input) => input.value);
  const keep = (input) =>
    attempt(() => localStorage.setItem(shelf, JSON.stringify({ ...kept(), [input.name]: chosen(input.name) })));
  const forget = () =>
    attempt(() => {
      const names = new Set([...form.elements].map((element) => element.name));
      const others = Object.entries(kept()).filter(([name]) => !names.has(name));
      if (others.length) localStorage.setItem(shelf, JSON.stringify(Object.fromEntries(others)));
      else localStorage.removeItem(shelf);
    });
  const forgetOtherRuns = () =>
    attempt(() =>
      Object.keys(localStorage)
        .filter((name) => name.startsWith("answers:") && name !== shelf)
        .forEach((name) => localStorage.removeItem(name)),
    );

  const tell = (what) => {
    state.dataset.saveState = what;
    state.textContent = state.dataset[what];
  };

  // Saving: one request at a time, and again as long as something is new.

  const post = async () => {
    const body = new FormData(form);
    for (const file of form.querySelectorAll("input[type=file]")) body.delete(file.name); // sent once, with the page
    body.set("direction", "save");
    const response = await fetch(form.action, {
      method: "POST",
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE),
    });
    return response.type === "opaqueredirect" ? 410 : response.status; // submitted in another tab
  };

  const saveOnce = async () => {
    const upTo = given;
    tell("saving");
    const status = await post().catch(() => 0);
    if (status === 204) {
      saved = upTo;
      failures = 0;
      if (saved === given) {
        forget();
        tell("saved");
      }
    } else if ([403, 404, 409, 410].includes(status)) {
      ended = true; // no later try will do better
      tell(status === 409 ? "other" : "expired");
    } else {
      tell(navigator.onLine && status ? "failed" : "offline");
      timer = setTimeout(save, PAUSES[Math.min(failures++, PAUSES.length - 1)]);
    }
    return status === 204;
  };

  const save = async () => {
    clearTimeout(timer);
    if (saving) return saving;
    saving = (async () => {
      let good = true;
      while (good && saved < given && !leaving && !ended) good = await saveOnce();
      return good;
    })();
    const good = await saving;
    saving = null;
    return good;
  };

  form.addEventListener("change", (event) => {
    given += 1;
    const question = event.target.closest(".question");
    if (question) {
      time(question);
      question.querySelector("[name=answered]").disabled = false; // emptied again, it is emptied on the server too
    }
    if (question && isChoice(event.target)) {
      chooseAlone(question, event.target);
      keep(event.target);
    }
    adapt();
    save();
  });
  form.addEventListener("input", (event) => !isChoice(event.target) && adapt());

  // An exclusive option stands alone.
  const chooseAlone = (question, input) => {
    if (input.type !== "checkbox" || !input.checked) return;
    for (const other of question.querySelectorAll("input[type=checkbox]"))
      if (other !== input && ("exclusive" in input.dataset || "exclusive" in other.dataset)) other.checked = false;
  };

  // Questions that depend on others: shown and hidden at once, by the rules that the server follows.

  const rules = attempt(() => JSON.parse(document.querySelector("#adaptive").textContent));
  const questions = [...form.querySelectorAll(".question[data-question]")];
  const THOUSANDS = { ".": /^[-+]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?$/, ",": /^[-+]?[1-9]\d{0,2}(\.\d{3})+(,\d*)?$/ };
  const number = (text, mark) => {
    const plain = text.replace(/[\s'’]/g, "");
    const whole = THOUSANDS[mark]?.test(plain) ? plain.replaceAll(mark === "." ? "," : ".", "") : plain;
    const found = Number(whole.replace(",", "."));
    return plain && Number.isFinite(found) ? found : null;
  };
  const READ = {
    SINGLE_CHOICE: (question) => question.querySelector("input:checked")?.value,
    MULTIPLE_CHOICE: (question) => [...question.querySelectorAll("input:checked")].map((input) => input.value),
    SCALE: (question) => number(question.querySelector("input:checked")?.value ?? ""),
    NUMBER: (question) =>
      number(question.querySelector("input:not([type=hidden])").value, question.querySelector("[name$='.mark']")?.value),
    FILE_UPLOAD: (question) => [
      ...[...question.querySelectorAll("input:checked")].map((input) => input.value),
      ...[...question.querySelector("input[type=file]").files].map((file) => file.name),
    ],
    MATRIX: (question) =>
      Object.fromEntries(
        [...question.querySelectorAll("input:checked")].map(({ name, value }) => [name.slice(name.indexOf(".") + 1), value]),
      ),
  };
  const typed = (question) => question.querySelector("input:not([type=hidden]), textarea")?.value.trim();
  const answersNow = () =>
    Object.fromEntries(
      questions
        .map((question) => [question.dataset.question, (READ[question.dataset.type] ?? typed)(question)])
        .filter(([, answer]) => answer !== undefined && answer !== null && answer !== ""),
    );

  const adapt = () => {
    if (!rules || !window.visibleQuestions) return;
    const given = answersNow();
    const now = window.visibleQuestions(rules, { ...rules.answers, ...given });
    const isGiven = (key) => ![undefined, "[]", "{}"].includes(JSON.stringify(given[key]));
    let opened = 0;
    let closed = 0;
    let shown = Number(form.dataset.before);
    for (const question of questions) {
      const key = question.dataset.question;
      const hide = !now.shown.includes(key);
      if (question.hidden && !hide) opened += 1;
      if (!question.hidden && hide && isGiven(key)) closed += 1;
      question.hidden = question.disabled = hide;
      question.querySelector(".optional").hidden = now.required.includes(key);
      question.querySelector(".number").textContent = hide ? "" : (shown += 1);
    }
    const told = document.querySelector("[data-opened]");
    told.textContent = opened ? told.dataset.opened : closed ? told.dataset.closed : "";
  };
  addEventListener("online", save);
  addEventListener("offline", () => saved < given && tell("offline"));
  addEventListener("beforeunload", (event) => {
    if (saved < given && !leaving && !ended) event.preventDefault();
  });

  // Whoever comes back sees what the server has: the page may have been kept as it was, and another tab went on.
  addEventListener("pageshow", (event) => event.persisted && location.replace(form.action));

  // Nobody leaves the page before the server has everything: the next one might not come.

  let waiting = false;
  const busy = (button) => {
    if (!button?.dataset.saving) return () => {};
    const words = button.textContent;
    button.textContent = button.dataset.saving;
    button.setAttribute("aria-disabled", "true");
    return () => {
      button.textContent = words;
      button.removeAttribute("aria-disabled");
    };
  };

  form.addEventListener("submit", async (event) => {
    if (ended || (saved === given && navigator.onLine)) {
      leaving = true; // of a session that has ended, the page that comes says what to do
      busy(event.submitter);
      return;
    }
    event.preventDefault();
    if (waiting) return;
    waiting = true;
    given += 1;
    const done = busy(event.submitter);
    const good = await save();
    waiting = false;
    done();
    // Once the running submit event is over: a browser ignores a submit inside of it.
    if (good || ended) setTimeout(() => form.requestSubmit(event.submitter));
    else state.scrollIntoView({ block: "nearest" });
  });

  // How long each question was looked at: the visible time since the last answer goes to the next one given.

  let since = performance.now();
  let looked = 0; // ms, visible, since the last answer
  const visible = () => document.visibilityState === "visible";
  const clock = (counted) => {
    if (counted) looked += performance.now() - since;
    since = performance.now();
  };
  const time = (question) => {
    clock(visible());
    const seconds = question.querySelector("[name^=seconds-]");
    seconds.value = Math.min(3600, Number(seconds.value) + Math.round(looked / 1000));
    looked = 0;
  };
  document.addEventListener("visibilitychange", () => clock(!visible()));

  // What this device kept and the server does not know.

  const restore = () => {
    let restored = 0;
    for (const [name, values] of Object.entries(kept())) {
      for (const input of form.querySelectorAll("input[type=radio], input[type=checkbox]")) {
        if (input.name !== name || input.checked === [values].flat().includes(input.value)) continue;
        input.checked = !input.checked;
        restored += 1;
      }
    }
    adapt();
    if (!restored) return;
    given += restored;
    save().then((good) => good && tell("restored"));
  };

  // Keys: A to E and 1 to 5 choose in the question that has the focus, else in the first open one; Enter goes on.

  const radios = (question) =>
    question.dataset.type === "FILE_UPLOAD" ? [] : [...question.querySelectorAll("input[type=radio], input[type=checkbox]")];
  const CONTROLS = "input:not([type=hidden]), textarea";
  const goOn = (question) => {
    const questions = [...form.querySelectorAll(".question:not([hidden])")];
    const next = questions[questions.indexOf(question) + 1];
    const target = next && (radios(next).find((radio) => radio.checked) || next.querySelector(CONTROLS));
    (target || form.querySelector("button[type=submit]")).focus();
  };

  const keys = document.querySelector("[data-keys]"); // WCAG 2.1.4: single keys can be switched off
  keys.checked = attempt(() => localStorage.getItem("keys")) !== "off";
  const showKeys = () => form.classList.toggle("with-keys", keys.checked);
  keys.addEventListener("change", () => {
    attempt(() => localStorage.setItem("keys", keys.checked ? "on" : "off"));
    showKeys();
  });

  const openQuestion = () =>
    [...form.querySelectorAll(".question:not([hidden])")].find((question) => !radios(question).some((radio) => radio.checked));

  document.addEventListener("keydown", (event) => {
    if (event.target.matches("textarea, input:not([type=radio], [type=checkbox])")) return; // there, keys are text
    const focused = event.target.closest(".question");
    const question = focused || (event.target.closest("a, button, input, summary, select") ? null : openQuestion());
    if (!keys.checked || !question || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Enter") {
      if (!focused) return;
      event.preventDefault();
      goOn(question);
      return;
    }
    const key = event.key.toLowerCase();
    const place = key.length === 1 ? Math.max("abcdefghi".indexOf(key), "123456789".indexOf(key)) : -1;
    const choice = radios(question)[place];
    if (!choice) return;
    event.preventDefault();
    choice.checked = choice.type === "radio" || !choice.checked;
    choice.focus();
    choice.dispatchEvent(new Event("change", { bubbles: true }));
  });

  showKeys();
  document.querySelectorAll("[data-with-script]").forEach((hint) => (hint.hidden = false));
  forgetOtherRuns();
  restore();
})();
