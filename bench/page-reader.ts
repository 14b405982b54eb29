const pause = 1250;

/**
 * Reads a page of the dashboard, and again after each event that says it has changed, as often as
 * `dashboard/live.js` does in a browser. Returns what ends it.
 */
export function followPage(url: URL): () => Promise<void> {
  const ending = new AbortController();
  const reading = follow(url, ending.signal).catch((error: unknown) => {
    if (!ending.signal.aborted) throw error;
  });
  return async () => {
    ending.abort();
    await reading;
  };
}

async function follow(url: URL, signal: AbortSignal): Promise<void> {
  const { body } = await fetch(new URL('/events', url), { signal });
  if (!body) throw new Error('the dashboard sends no events');
  let [shown, last] = [0, 0];
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    if (!(Number(/data: (\d+)/.exec(text)?.[1]) > shown)) continue;
    await new Promise((resolve) => setTimeout(resolve, last + pause - performance.now()));
    last = performance.now();
    const page = await (await fetch(url, { signal })).text();
    shown = Number(/data-version="(\d+)"/.exec(page)?.[1]);
  }
}
