// A draft that saves itself. What is typed is kept on this device until the server has confirmed it,
// so that neither a mistake in another field nor an ended session nor a closed lid loses a word.
// Where somebody else changed the draft meanwhile, the page takes over what they changed elsewhere,
// and asks where both wrote in the same field.
(() => {
  "use strict";
  const form = document.getElementById("draft");
  if (!form) return;
  const words = JSON.parse(document.getElementById("draft-words").textContent);
  const keptAs = form.dataset.keptAs;
  const saved = document.getElementById("saved");
  const notices = document.getElementById("session-notice");
  const pending = new Map();   // typed and not yet confirmed by the server
  const stored = new Map();    // what the server held when the page last heard of it
  const disputed = new Set();  // fields in which two people wrote; not sent until decided
  let timer = null;
  let underWay = null;         // the promise of the save that is on its way
  let signedOut = false;
  let lasting = false;         // whether the notice stays when a save succeeds

  const valueOf = (field) => (field.type === "checkbox" ? (field.checked ? "on" : "") : field.value);
  const put = (field, value) => {
    if (field.type === "checkbox") field.checked = value === "on"; else field.value = value;
  };
  const fieldsOf = (root) => [...root.querySelectorAll("[data-autosave]")];
  const fieldNamed = (name, root = form) =>
    root.querySelector(`[data-autosave][name="${CSS.escape(name)}"]`);

  const keep = () => {
    try {
      if (pending.size) localStorage.setItem(keptAs, JSON.stringify(Object.fromEntries(pending)));
      else localStorage.removeItem(keptAs);
    } catch { /* a device without room for it: the server still gets it */ }
  };

  const say = (text, bad) => { saved.textContent = text; saved.classList.toggle("late", Boolean(bad)); };

  const element = (kind, text, className) => {
    const made = document.createElement(kind);
    if (text) made.textContent = text;
    if (className) made.className = className;
    return made;
  };
  const button = (text, act) => {
    const made = element("button", text, "button");
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  };

  const notice = (text, ...more) => {
    lasting = false;
    notices.hidden = !text;
    notices.replaceChildren(text ? `${text} ` : "", ...more);
  };
  const signInLink = () => {
    const anchor = element("a", words.signin);
    anchor.href = `/accounts/login/?next=${encodeURIComponent(location.pathname)}`;
    return anchor;
  };

  const showErrors = (names, errors) => {
    for (const name of names) {
      const place = form.querySelector(`[data-errors-for="${CSS.escape(name)}"]`);
      if (!place) continue;
      const sentences = errors[name] || [];
      place.replaceChildren(...sentences.map((sentence) => element("p", sentence, "field__error")));
      const box = place.closest(".field");
      if (box) box.classList.toggle("field--wrong", sentences.length > 0);
      const field = fieldNamed(name);
      if (field) field.setAttribute("aria-invalid", String(sentences.length > 0));
    }
  };

  // --- somebody else changed the draft -------------------------------------------------------

  const dispute = (name, theirs) => {
    disputed.add(name);
    const field = fieldNamed(name);
    const place = form.querySelector(`[data-errors-for="${CSS.escape(name)}"]`);
    const decided = () => { disputed.delete(name); stored.set(name, theirs); showErrors([name], {}); };
    const line = element("p", theirs ? words.theirs : words.emptied, "field__error");
    const quoted = element("blockquote", theirs, "theirs");
    quoted.dir = "auto";
    quoted.hidden = !theirs;
    const row = element("div", "", "button-row");
    row.append(
      button(words.keep_mine, () => { decided(); field.focus(); schedule(); }),
      button(words.take_theirs, () => { decided(); put(field, theirs); pending.delete(name); keep(); field.focus(); }),
    );
    place.replaceChildren(line, quoted, row);
    const box = place.closest(".field");
    if (box) box.classList.add("field--wrong");
  };

  // The page as the server has it now; nothing when the draft cannot be edited any more.
  const fetchDraft = async () => {
    const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return page.getElementById("draft");
  };

  const takeOver = (fresh) => {
    form.elements.csrfmiddlewaretoken.value = fresh.elements.csrfmiddlewaretoken.value;
    form.elements.version.value = fresh.elements.version.value;
    let gone = false;
    for (const field of fieldsOf(form)) {
      const theirs = fieldNamed(field.name, fresh);
      if (!theirs) { gone = true; continue; }
      const now = valueOf(theirs);
      const seen = form.querySelector(`[name="seen-${CSS.escape(field.name)}"]`);
      if (seen) seen.value = fresh.querySelector(`[name="seen-${CSS.escape(field.name)}"]`).value;
      if (!pending.has(field.name)) {
        if (now !== valueOf(field)) { put(field, now); field.closest(".field, .choice")?.classList.add("field--changed"); }
        stored.set(field.name, now);
      } else if (now === pending.get(field.name)) {
        pending.delete(field.name);
        stored.set(field.name, now);
      } else if (now !== stored.get(field.name)) {
        dispute(field.name, now);
      }
    }
    keep();
    return gone || fieldsOf(fresh).some((field) => !fieldNamed(field.name));
  };

  const meet = async (sentence) => {
    const fresh = await fetchDraft();
    if (!fresh) { location.reload(); return; }
    const otherParts = takeOver(fresh);
    if (otherParts) {
      notice(`${sentence} ${words.reload}`, button(words.reload_now, () => location.reload()));
      say(words.compare, true);
      pending.forEach((_value, name) => { if (!fieldNamed(name, fresh)) disputed.add(name); });
    } else {
      notice(`${sentence} ${words.updated}`);
    }
    lasting = true;
    if (disputed.size) say(words.compare, true);
    if ([...pending.keys()].some((name) => !disputed.has(name))) schedule();
  };

  // --- saving --------------------------------------------------------------------------------

  const save = async () => {
    const sent = new Map([...pending].filter(([name]) => !disputed.has(name)));
    if (!sent.size) return;
    say(words.saving);
    try {
      if (signedOut) {
        const fresh = await fetchDraft();
        if (!fresh) { say(words.ended, true); return; }
        signedOut = false;
        notice("");
        form.elements.csrfmiddlewaretoken.value = fresh.elements.csrfmiddlewaretoken.value;
      }
      const body = new FormData();
      body.set("version", form.elements.version.value);
      for (const [name, value] of sent) body.set(name, value);
      const answer = await fetch(form.dataset.autosaveTo, {
        method: "POST",
        body,
        headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value, Accept: "application/json" },
      });
      if (answer.status === 401 || answer.status === 403) {
        const told = answer.status === 403 ? await answer.json().catch(() => ({})) : {};
        if (told.detail) { say(told.detail, true); notice(told.detail); return; }
        signedOut = true;
        say(words.ended, true);
        notice(words.ended, signInLink());
        return;
      }
      const told = await answer.json();
      if (answer.status === 412) {
        await meet(told.detail);
      } else if (!answer.ok) {
        say(told.detail, true);
        notice(told.detail);
      } else {
        form.elements.version.value = told.version;
        for (const [name, value] of sent) {
          if (told.errors[name]) continue;
          stored.set(name, value);
          if (pending.get(name) === value) pending.delete(name);
        }
        for (const [name, digest] of Object.entries(told.seen)) {
          const seen = form.querySelector(`[name="seen-${CSS.escape(name)}"]`);
          if (seen) seen.value = digest;
        }
        showErrors(sent.keys(), told.errors);
        document.getElementById("checklist").innerHTML = told.checklist;
        const wrong = Object.keys(told.errors).length;
        say(wrong ? words.unsaved : told.saved, wrong);
        keep();
        if (!lasting) notice("");
      }
    } catch {
      say(words.offline, true);
      clearTimeout(timer);
      timer = setTimeout(send, 5000);
      return;
    }
    if ([...pending].some(([name, value]) => !disputed.has(name) && sent.get(name) !== value)) schedule();
  };

  const send = () => {
    if (!underWay) underWay = save().finally(() => { underWay = null; });
    return underWay;
  };

  const schedule = () => { clearTimeout(timer); timer = setTimeout(send, 700); };

  const count = (field) => {
    const place = form.querySelector(`[data-count-for="${CSS.escape(field.name)}"]`);
    const longest = Number(field.dataset.longest);
    if (!place || !longest) return;
    const left = longest - field.value.length;
    place.hidden = left > longest / 10;
    place.classList.toggle("late", left < 0);
    place.textContent = `${left.toLocaleString(document.documentElement.lang)} ${words.left}`;
  };

  form.addEventListener("input", (event) => {
    const field = event.target;
    if (!field.matches("[data-autosave]")) return;
    pending.set(field.name, valueOf(field));
    field.closest(".field, .choice")?.classList.remove("field--changed");
    count(field);
    keep();
    schedule();
  });
  form.addEventListener("change", (event) => { if (event.target.matches("[data-autosave]")) schedule(); });
  document.addEventListener("visibilitychange", () => { if (document.hidden || signedOut) send(); });
  window.addEventListener("focus", () => { if (signedOut) send(); });

  // A button of the form: what was typed is saved first, so that the form names the version that the
  // server has, and stays on the page when it cannot be saved.
  let flushed = false;
  form.addEventListener("submit", (event) => {
    const pressed = event.submitter;
    if (pressed?.dataset.confirm && !flushed && !window.confirm(pressed.dataset.confirm)) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    if (flushed || (!underWay && !pending.size)) return;
    event.preventDefault();
    event.stopPropagation();
    clearTimeout(timer);
    (async () => {
      await underWay;
      await send();
      if (signedOut || disputed.size || saved.textContent === words.offline) {
        saved.scrollIntoView({ block: "nearest" });
        return;
      }
      flushed = true;
      form.requestSubmit(pressed);
      flushed = false;
    })();
  });

  // --- what an earlier visit could not save ----------------------------------------------------

  for (const field of fieldsOf(form)) {
    stored.set(field.name, field.hasAttribute("data-typed") ? null : valueOf(field));
    if (field.hasAttribute("data-typed")) pending.set(field.name, valueOf(field));
    count(field);
  }
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
      restore.hidden = true;
      keep();
    });
  } else {
    keep();
  }
})();
