// Saves what is typed two seconds after the last change, and counts characters. Optional.
"use strict";
(() => {
  const form = document.querySelector("form[data-autosave]");
  if (!form) return;
  const status = document.getElementById("saved");
  const revision = form.elements.namedItem(".revision");
  let timer = 0;
  let busy = false;
  const say = (text) => { if (status.textContent !== text) status.textContent = text; };
  const save = async () => {
    if (busy) { timer = setTimeout(save, 500); return; }
    busy = true;
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "error",
      });
      const said = await answer.json();
      if (answer.ok) { revision.value = said.revision; }
      say(said.message);
    } catch { say(form.dataset.unsaved); } finally { busy = false; }
  };
  const count = (area) => {
    const place = document.getElementById(`${area.id}-count`);
    if (place) place.textContent = place.dataset.words.replace("#", area.value.trim().length);
  };
  form.addEventListener("input", (event) => {
    clearTimeout(timer);
    timer = setTimeout(save, 2000);
    if (event.target.tagName === "TEXTAREA") count(event.target);
  });
  form.addEventListener("submit", () => clearTimeout(timer));
  form.querySelectorAll("textarea").forEach(count);
})();
