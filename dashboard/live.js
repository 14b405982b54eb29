/** Brings the page up to date while somebody looks at it: what stands in main is read again and replaced. */
const pause = 1000;
const said = document.getElementById('live');
let [reading, again] = [false, false];

async function refresh() {
  if (reading || document.hidden) {
    again = true;
    return;
  }
  [reading, again] = [true, false];
  try {
    const response = await fetch(location.href);
    const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
    const main = document.querySelector('main');
    // A reader who is choosing something keeps it.
    if (!main.querySelector('form :focus')) {
      const focused = document.activeElement?.closest('main a')?.getAttribute('href');
      main.replaceChildren(...fresh.querySelector('main').childNodes);
      document.title = fresh.title;
      if (focused) main.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
      said.textContent = `Up to date at ${new Date().toLocaleTimeString()}`;
    }
  } catch {
    said.textContent = 'The dashboard has ended; this page shows what it last said.';
  }
  await new Promise((resolve) => setTimeout(resolve, pause));
  reading = false;
  if (again) await refresh();
}

const events = new EventSource('/events');
let first = true;
events.addEventListener('change', refresh);
events.addEventListener('open', () => {
  said.textContent = 'Live';
  if (!first) void refresh();
  first = false;
});
events.addEventListener('error', () => {
  said.textContent = 'The dashboard does not answer; this page shows what it last said.';
});
document.addEventListener('visibilitychange', () => {
  if (!document.hidden && again) void refresh();
});
