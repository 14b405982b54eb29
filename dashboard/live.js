/**
 * Brings the page up to date while somebody looks at it: what stands in main is read again, at most every
 * 1.25 seconds, and replaced where it differs. A page that nobody sees listens to nothing.
 */
const pause = 1250;
/** Milliseconds from one look at what trains now to the next: it changes without a new state of the database. */
const trainingPause = 2000;
const said = document.getElementById('live');
const main = document.querySelector('main');
let [reading, again] = [false, false];
let events;

/** Somebody who chooses something in a form keeps it: the page waits until the form is left. */
const mustWait = () => document.hidden || main.querySelector('form :focus') !== null;

async function refresh() {
  if (reading || mustWait()) {
    again = true;
    return;
  }
  [reading, again] = [true, false];
  try {
    const response = await fetch(location.href);
    const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
    if (mustWait()) again = true;
    else show(fresh);
  } catch {
    say('The dashboard has ended; this page shows what it last said.');
  }
  await new Promise((resolve) => setTimeout(resolve, pause));
  reading = false;
  if (again) await refresh();
}

function show(fresh) {
  const focused = document.activeElement?.closest('main a')?.getAttribute('href');
  renew(main, fresh.querySelector('main'));
  document.title = fresh.title;
  if (focused) main.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  say('Live');
}

/** Brings the section up to date that says what trains now, if the page has one. */
async function follow() {
  const shown = main.querySelector('[data-follow]');
  if (!shown || reading || mustWait()) return;
  const response = await fetch(shown.dataset.follow);
  if (!response.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), 'text/html').querySelector('section');
  if (fresh && shown.isConnected && !reading) renew(shown, fresh);
}

/** Makes a node what the fresh one is. What is equal stays, and the browser need not draw it again. */
function renew(shown, fresh) {
  if (shown.isEqualNode(fresh)) return;
  const isDrawn = shown.namespaceURI !== document.documentElement.namespaceURI;
  if (shown.nodeName !== fresh.nodeName || isDrawn) {
    shown.replaceWith(fresh);
    return;
  }
  for (const { name } of [...shown.attributes]) if (!fresh.hasAttribute(name)) shown.removeAttribute(name);
  for (const { name, value } of fresh.attributes) shown.setAttribute(name, value);
  const [before, after] = [[...shown.childNodes], [...fresh.childNodes]];
  let end = null;
  while (before.length > 0 && after.length > 0 && before.at(-1).isEqualNode(after.at(-1))) {
    end = before.pop();
    after.pop();
  }
  for (const node of before.slice(after.length)) node.remove();
  for (const [index, node] of after.entries()) {
    if (before[index]) renew(before[index], node);
    else shown.insertBefore(node, end);
  }
}

/** A screen reader says what changes here: what stays true is not repeated. */
function say(text) {
  if (said.textContent !== text) said.textContent = text;
}

function listen() {
  if (events || document.hidden) return;
  events = new EventSource('/events');
  events.addEventListener('open', () => say('Live'));
  events.addEventListener('version', ({ data }) => {
    if (data !== main.dataset.version) void refresh();
  });
  events.addEventListener('error', () =>
    say('The dashboard does not answer; this page shows what it last said.'),
  );
}

function rest() {
  events?.close();
  events = undefined;
}

addEventListener('pageshow', listen);
addEventListener('pagehide', rest);
document.addEventListener('visibilitychange', () => (document.hidden ? rest() : listen()));
main.addEventListener('focusout', () => {
  if (again) void refresh();
});
// A server that has ended is spoken of where its events are missed.
setInterval(() => follow().catch(() => undefined), trainingPause);
