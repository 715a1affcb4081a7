// A draft that saves itself. What is typed is kept on this device until the server has confirmed it,
// so that neither a mistake in another field nor an ended session nor a closed lid loses a word.
(() => {
  "use strict";
  const form = document.getElementById("draft");
  if (!form) return;
  const words = JSON.parse(form.dataset.words);
  const keptAs = form.dataset.keptAs;
  const saved = document.getElementById("saved");
  const version = form.elements.version;
  const pending = new Map();
  let timer = null;
  let underWay = false;
  let waiting;

  const valueOf = (field) => (field.type === "checkbox" ? (field.checked ? "on" : "") : field.value);
  const put = (field, value) => {
    if (field.type === "checkbox") field.checked = value === "on"; else field.value = value;
  };
  const fieldNamed = (name) => form.querySelector(`[data-autosave][name="${CSS.escape(name)}"]`);

  const keep = () => {
    try {
      if (pending.size) localStorage.setItem(keptAs, JSON.stringify(Object.fromEntries(pending)));
      else localStorage.removeItem(keptAs);
    } catch { /* a device without room for it: the server still gets it */ }
  };

  const say = (text, bad) => { saved.textContent = text; saved.classList.toggle("late", Boolean(bad)); };

  const showErrors = (names, errors) => {
    for (const name of names) {
      const place = form.querySelector(`[data-errors-for="${CSS.escape(name)}"]`);
      if (!place) continue;
      const sentences = errors[name] || [];
      place.replaceChildren(...sentences.map((sentence) => {
        const line = document.createElement("p");
        line.className = "field__error";
        line.textContent = sentence;
        return line;
      }));
      const box = place.closest(".field");
      if (box) box.classList.toggle("field--wrong", sentences.length > 0);
    }
  };

  const notice = (text, link) => {
    const box = document.getElementById("session-notice");
    box.hidden = false;
    box.textContent = text + " ";
    if (link) {
      const anchor = document.createElement("a");
      anchor.href = `/accounts/login/?next=${encodeURIComponent(location.pathname)}`;
      anchor.textContent = words.signin;
      box.append(anchor);
    }
  };

  const send = async () => {
    if (underWay || !pending.size) return;
    underWay = true;
    const sent = new Map(pending);
    const body = new FormData();
    body.set("version", version.value);
    for (const [name, value] of sent) body.set(name, value);
    say(words.saving);
    try {
      const answer = await fetch(form.dataset.autosaveTo, {
        method: "POST",
        body,
        headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value, Accept: "application/json" },
      });
      if (answer.status === 401 || answer.status === 403) {
        say(words.ended, true);
        notice(words.ended, true);
      } else {
        const told = await answer.json();
        if (!answer.ok) {
          say(told.detail, true);
          notice(told.detail, false);
        } else {
          version.value = told.version;
          for (const [name, value] of sent) {
            if (!told.errors[name] && pending.get(name) === value) pending.delete(name);
          }
          showErrors(sent.keys(), told.errors);
          document.getElementById("checklist").innerHTML = told.checklist;
          const wrong = Object.keys(told.errors).length;
          say(wrong ? words.unsaved : told.saved, wrong);
          keep();
        }
      }
    } catch {
      say(words.offline, true);
      timer = setTimeout(send, 5000);
    }
    underWay = false;
    if (waiting !== undefined) {
      const button = waiting;
      waiting = undefined;
      form.requestSubmit(button);
      return;
    }
    if ([...pending].some(([name, value]) => sent.get(name) !== value)) schedule();
  };

  const schedule = () => { clearTimeout(timer); timer = setTimeout(send, 700); };

  const count = (field) => {
    const place = form.querySelector(`[data-count-for="${CSS.escape(field.name)}"]`);
    const longest = Number(field.dataset.longest);
    if (!place || !longest) return;
    const left = longest - field.value.length;
    place.hidden = left > longest / 10;
    place.textContent = `${left.toLocaleString(document.documentElement.lang)} ${words.left}`;
  };

  form.addEventListener("input", (event) => {
    const field = event.target;
    if (!field.matches("[data-autosave]")) return;
    pending.set(field.name, valueOf(field));
    count(field);
    keep();
    schedule();
  });
  form.addEventListener("change", (event) => { if (event.target.matches("[data-autosave]")) schedule(); });
  // The form brings everything itself. While a save is under way it waits for it: the answer carries
  // the version that the form must name.
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (underWay) {
      event.preventDefault();
      waiting = event.submitter;
    }
  });
  document.addEventListener("visibilitychange", () => { if (document.hidden) send(); });

  // What an earlier visit could not save.
  const restore = document.getElementById("restore-notice");
  let left = {};
  try { left = JSON.parse(localStorage.getItem(keptAs) || "{}"); } catch { left = {}; }
  const differing = Object.entries(left).filter(([name, value]) => {
    const field = fieldNamed(name);
    return field && valueOf(field) !== value;
  });
  if (differing.length) {
    restore.hidden = false;
    restore.querySelector("[data-restore]").addEventListener("click", () => {
      for (const [name, value] of differing) { put(fieldNamed(name), value); pending.set(name, value); }
      restore.hidden = true;
      send();
    });
    restore.querySelector("[data-discard]").addEventListener("click", () => {
      localStorage.removeItem(keptAs);
      restore.hidden = true;
    });
  } else if (document.querySelector(".error-summary") === null) {
    localStorage.removeItem(keptAs);
  }
})();
