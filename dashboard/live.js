/** Brings the page up to date while somebody looks at it: what stands in main is read again and replaced. */
const pause = 1000;
const said = document.getElementById('live');
const main = document.querySelector('main');
let [reading, again] = [false, false];

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
    said.textContent = 'The dashboard has ended; this page shows what it last said.';
  }
  await new Promise((resolve) => setTimeout(resolve, pause));
  reading = false;
  if (again) await refresh();
}

function show(fresh) {
  const focused = document.activeElement?.closest('main a')?.getAttribute('href');
  const { dataset, childNodes } = fresh.querySelector('main');
  main.replaceChildren(...childNodes);
  main.dataset.version = dataset.version;
  document.title = fresh.title;
  if (focused) main.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  said.textContent = `Up to date at ${new Date().toLocaleTimeString()}`;
}

function goOn() {
  if (again) void refresh();
}

/** A page that the browser keeps for its back button is told of nothing until it is shown again. */
function listen() {
  const events = new EventSource('/events');
  events.addEventListener('open', () => {
    said.textContent = 'Live';
  });
  events.addEventListener('version', ({ data }) => {
    if (data !== main.dataset.version) void refresh();
  });
  events.addEventListener('error', () => {
    said.textContent = 'The dashboard does not answer; this page shows what it last said.';
  });
  addEventListener('pagehide', () => events.close(), { once: true });
}

addEventListener('pageshow', listen);
document.addEventListener('visibilitychange', goOn);
main.addEventListener('focusout', goOn);
