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
  const save = async (leaving = false) => {
    if (busy) { timer = setTimeout(save, 500); return; }
    busy = true;
    timer = 0;
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "error",
        keepalive: leaving,
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
  form.addEventListener("submit", () => { clearTimeout(timer); timer = 0; });
  // A phone may never come back to a page that it has put aside.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && timer) { clearTimeout(timer); save(true); }
  });
  form.querySelectorAll("textarea").forEach(count);
})();
