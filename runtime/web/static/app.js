// What makes the pages better where scripts run. Without it everything works.

"use strict";

// --- Composition: with an input method nothing is sent while a syllable is half written ---

let composing = false;

addEventListener("compositionstart", () => { composing = true; }, true);
addEventListener("compositionend", (event) => {
  composing = false;
  event.target.dispatchEvent(new Event("input", { bubbles: true }));
}, true);

for (const name of ["input", "change", "keydown", "keyup"]) {
  addEventListener(name, (event) => {
    if (composing || event.isComposing) event.stopImmediatePropagation();
  }, true);
}

// --- Autosave: a form with data-autosave posts what changed, and its status line says so ---

let waiting = 0;
const unsaved = new Set();

const autosaving = (event) => event.detail.ctx.sourceElement.closest("[data-autosave]");

const always = (form) => [...form.querySelectorAll("input[type=hidden][data-always]")];

function tell(form, state) {
  const line = document.getElementById(form.dataset.autosave);
  if (!line) return;
  line.dataset.state = state;
  line.querySelector("span").textContent = line.dataset[state] ?? "";
}

// A form posts all of itself; meant are the question that changed, those that an earlier post could
// not save, and the hidden fields that always go along.
addEventListener("htmx:config:request", (event) => {
  const form = autosaving(event);
  if (!form) return;
  waiting += 1;
  tell(form, "saving");
  const { ctx } = event.detail;
  const changed = ctx.sourceEvent?.target?.name;
  const meant = new Set([changed, ...unsaved, ...always(form).map((input) => input.name)]);
  for (const name of new Set(ctx.request.body.keys())) {
    if (changed && !meant.has(name)) ctx.request.body.delete(name);
  }
});

// Saves wait for each other; each goes out with the form's version as it is by then.
addEventListener("htmx:before:request", (event) => {
  const form = autosaving(event);
  if (!form) return;
  const { body } = event.detail.ctx.request;
  for (const input of always(form)) body.set(input.name, input.value);
});

addEventListener("htmx:finally:request", (event) => {
  const form = autosaving(event);
  if (!form) return;
  waiting -= 1;
  const { request, response } = event.detail.ctx;
  const status = response?.status ?? 0;
  const saved = (status >= 200 && status < 300) || status === 422;
  for (const name of request.body.keys()) saved ? unsaved.delete(name) : unsaved.add(name);
  tell(form, unsaved.size ? "failed" : waiting ? "saving" : "saved");
});

// Back on the network: what could not be saved is sent again.
addEventListener("online", () => {
  const [name] = unsaved;
  const control = name && document.querySelector(`[data-autosave] [name="${CSS.escape(name)}"]`);
  control?.dispatchEvent(new Event("change", { bubbles: true }));
});

// --- Pressed: the page doesn't move under a finger, or the button it meant would slip away ---

let pressed = null;
let lift = () => {};

addEventListener("pointerdown", () => {
  pressed ??= new Promise((lifted) => { lift = lifted; });
}, true);

for (const name of ["pointerup", "pointercancel"]) {
  // the click comes right after the finger is lifted, and goes first
  addEventListener(name, () => setTimeout(() => { lift(); pressed = null; }), true);
}

addEventListener("htmx:before:request", (event) => {
  const { ctx } = event.detail;
  const ask = ctx.fetch;
  ctx.fetch = async (...request) => {
    const answer = await ask(...request);
    await pressed;
    return answer;
  };
});

// --- Unsaved: leaving while something isn't saved asks first ---

let leaving = false;

addEventListener("submit", (event) => {
  if (composing) event.preventDefault();
  else leaving = true;
}, true);

addEventListener("beforeunload", (event) => {
  if (document.activeElement?.closest?.("[data-autosave]")) document.activeElement.blur();
  if ((waiting || unsaved.size) && !leaving) event.preventDefault();
});

addEventListener("pageshow", () => { leaving = false; });

// --- Focus: the error summary takes it; its links lead into the control ---

function focusSummary() {
  document.getElementById("error-summary")?.focus();
}

addEventListener("click", (event) => {
  const link = event.target.closest?.(".error-summary a[href^='#']");
  const control = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (!control) return;
  event.preventDefault();
  control.closest(".question, fieldset")?.scrollIntoView({ block: "start" });
  control.focus({ preventScroll: true });
});

// --- A page that comes back to a question puts the focus into it ---

function focusQuestion() {
  const place = /^#[qr]-/.test(location.hash) && !document.getElementById("error-summary")
    && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!place) return;
  const control = place.querySelector("input:not([type=hidden]), select, textarea");
  (control ?? place.querySelector("button"))?.focus();
}

// --- Dialogs and menus ---

addEventListener("click", (event) => {
  const target = event.target;
  const opener = target.closest?.("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens)?.showModal();
  if (target.closest?.("[data-closes]")) target.closest("dialog")?.close();
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(target)) menu.open = false;
  }
});

addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details[data-menu][open]");
  if (event.key !== "Escape" || !menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// --- Copying: a button beside a field whose text is to be passed on; it says whether it did ---

addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copies]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copies);
  const line = field.parentElement.parentElement.querySelector("[role=status]");
  const copied = await copy(field);
  if (copied) button.focus();
  line.textContent = "";
  requestAnimationFrame(() => { line.textContent = line.dataset[copied ? "copied" : "failed"]; });
});

// The clipboard is there on safe addresses alone; the old way, by selecting, works on the others.
async function copy(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    field.select();
    return document.execCommand("copy");
  }
}

// --- Files: named beside our own button when chosen; dropped on the field, as if chosen ---

document.documentElement.dataset.scripts = "";

addEventListener("change", (event) => {
  const name = event.target.closest?.("[data-drop] input[type=file]")
    ?.parentElement.querySelector(".drop-name");
  if (!name) return;
  const { files } = event.target;
  name.textContent = files.length > 1
    ? name.dataset.several.replace("{n}", files.length)
    : files[0]?.name ?? name.dataset.none;
});

for (const name of ["dragover", "dragleave", "drop"]) {
  addEventListener(name, (event) => {
    const drop = event.target.closest?.("[data-drop]");
    if (!drop) return;
    event.preventDefault();
    drop.classList.toggle("is-over", name === "dragover");
    if (name !== "drop" || !event.dataTransfer.files.length) return;
    const input = drop.querySelector("input[type=file]");
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

// --- Session: a warning before it ends, and a way to stay ---

const WARN_BEFORE = 120;

function watchSession() {
  const session = document.querySelector("[data-session]");
  if (!session) return;
  const dialog = session.querySelector("dialog");
  const warn = () => setTimeout(
    () => dialog.showModal(), Math.max(0, session.dataset.session - WARN_BEFORE) * 1000,
  );
  dialog.addEventListener("close", () => {
    fetch(session.dataset.sessionAddress, { credentials: "same-origin" }).then(warn, warn);
  });
  warn();
}

// --- The rail stands open on a desk and folded on a phone ---

function foldRail() {
  if (matchMedia("(min-width: 64rem)").matches) return;
  for (const fold of document.querySelectorAll("details.progress-fold")) fold.open = false;
}

// A browser that has come to a fragment takes the focus away: what is to have it gets it again.
function focusAgain() {
  if (document.activeElement !== document.body) return;
  focusSummary();
  focusQuestion();
}

for (const button of document.querySelectorAll("[data-copies]")) button.hidden = false;
focusSummary();
addEventListener("load", () => requestAnimationFrame(focusAgain));
watchSession();
foldRail();
