// Paragraphs of a letter that save themselves, and the sheet beside them that follows.
(() => {
  "use strict";
  const saved = document.getElementById("saved");
  const sheet = document.getElementById("sheet");
  const forms = [...document.querySelectorAll("[data-paragraph]")];
  if (!saved || !forms.length) return;

  const say = (text, bad) => { saved.textContent = text; saved.classList.toggle("late", Boolean(bad)); };
  let showing = null;
  const showAgain = () => {
    clearTimeout(showing);
    showing = setTimeout(() => {
      const top = sheet.contentWindow ? sheet.contentWindow.scrollY : 0;
      sheet.addEventListener("load", () => sheet.contentWindow.scrollTo(0, top), { once: true });
      sheet.contentWindow.location.reload();
    }, 300);
  };

  for (const form of forms) {
    let timer = null;
    let underWay = null;
    let dirty = false;

    const save = async () => {
      if (!dirty) return true;
      dirty = false;
      say(saved.dataset.saving);
      try {
        const answer = await fetch(form.action, {
          method: "POST",
          body: new FormData(form),
          headers: { Accept: "application/json" },
        });
        const told = await answer.json();
        if (!answer.ok) { say(told.detail, true); form.classList.add("field--wrong"); return false; }
        form.elements.version.value = told.version;
        form.classList.remove("field--wrong");
        const undo = form.querySelector("[data-undo]");
        if (undo) undo.hidden = !told.reworked;
        say(told.saved);
        showAgain();
        return true;
      } catch {
        dirty = true;
        say(saved.dataset.offline, true);
        clearTimeout(timer);
        timer = setTimeout(send, 5000);
        return false;
      }
    };
    const send = () => {
      if (!underWay) underWay = save().finally(() => { underWay = null; if (dirty) { clearTimeout(timer); timer = setTimeout(send, 700); } });
      return underWay;
    };

    form.addEventListener("input", (event) => {
      if (!event.target.matches("[data-autosave]")) return;
      dirty = true;
      clearTimeout(timer);
      timer = setTimeout(send, 700);
    });
    form.flush = async () => { clearTimeout(timer); await underWay; return save(); };
    form.isDirty = () => dirty || underWay !== null;
  }

  // Any button of the page: what was typed anywhere is saved first.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.flushed || !forms.some((each) => each.isDirty())) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    (async () => {
      const done = await Promise.all(forms.map((each) => each.flush()));
      if (done.some((each) => !each)) { saved.scrollIntoView({ block: "nearest" }); return; }
      form.dataset.flushed = "yes";
      form.requestSubmit(event.submitter);
    })();
  }, true);
})();
