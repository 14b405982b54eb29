import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { html } from 'hono/html';
import { streamSSE } from 'hono/streaming';
import { ActivationSearchError } from '../errors.ts';
import { projectRoot } from '../paths.ts';
import { styleSheet } from '../plot/theme.ts';
import type { Store } from '../storage/store.ts';
import { candidateBody } from './candidate-page.ts';
import { ChangeFeed } from './change-feed.ts';
import { compareBody } from './compare-page.ts';
import { layout, type PageContent } from './layout.ts';
import { choiceOf } from './leaderboard-section.ts';
import { studiesBody } from './studies-page.ts';
import { StudyFacts } from './study-facts.ts';
import { studyBody } from './study-page.ts';
import { trainingSection } from './training-section.ts';
import type { WatchedDatabase } from './watched-database.ts';

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const assets = {
  'style.css': { type: 'text/css', text: shippedText('style.css') },
  'live.js': { type: 'text/javascript', text: shippedText('live.js') },
  'plot.css': { type: 'text/css', text: styleSheet() },
} as const satisfies Record<string, { type: string; text: string }>;

/** The pages of a database; `host` is the name under which they are served, beside addresses. */
export function dashboardApp(database: WatchedDatabase, host: string): Hono {
  const app = new Hono();
  app.use(guard(host));
  app.get('/healthz', (context) => context.text('ok\n'));
  app.get('/assets/:name', (context) => {
    const asset = Object.entries(assets).find(([name]) => name === context.req.param('name'))?.[1];
    return asset
      ? context.body(asset.text, 200, { 'Content-Type': `${asset.type}; charset=utf-8` })
      : context.text('No such file.\n', 404);
  });
  addEvents(app, database);
  addPages(app, database);
  return app;
}

/** Refuses foreign hosts and all that is not reading. */
function guard(host: string): MiddlewareHandler {
  return async (context, next) => {
    context.header('Content-Security-Policy', policy);
    context.header('X-Content-Type-Options', 'nosniff');
    context.header('Referrer-Policy', 'no-referrer');
    context.header('Cache-Control', 'no-store');
    if (!isAllowedHost(context.req.header('host'), host)) {
      return context.text(
        'This host is not allowed: open the page by its address, or name it with --host.\n',
        403,
      );
    }
    if (!['GET', 'HEAD'].includes(context.req.method)) {
      context.header('Allow', 'GET, HEAD');
      return context.text('This page is read only.\n', 405);
    }
    return next();
  };
}

function addEvents(app: Hono, database: WatchedDatabase): void {
  const changes = new ChangeFeed(database);
  app.get('/events', (context) => {
    // Nobody reads a stream that answers HEAD, so it would never end.
    if (context.req.method === 'HEAD')
      return context.body(null, 200, { 'Content-Type': 'text/event-stream' });
    return streamSSE(context, async (stream) => {
      const ended = new Promise<void>((resolve) => stream.onAbort(resolve));
      const stop = changes.listen((version) => {
        void stream.writeSSE({ event: 'version', data: String(version) });
      });
      await stream.writeSSE({ event: 'version', data: String(database.version()) });
      await ended;
      stop();
    });
  });
}

type Page = Omit<PageContent, 'file' | 'version'>;
const idPattern = ':id{[1-9][0-9]{0,14}}';

function addPages(app: Hono, database: WatchedDatabase): void {
  const facts = new StudyFacts();
  const answer = (context: Context, content: (store: Store, version: number) => Page | undefined) => {
    const version = database.version();
    const { status, page } = pageOf(database, content);
    return context.html(layout({ ...page, file: database.file, version }), status);
  };
  app.get('/', (context) =>
    answer(context, (store, version) => ({ title: 'Studies', body: studiesBody(store, facts, version) })),
  );
  app.get('/compare', (context) => {
    const chosen = context.req.queries('study') ?? [];
    return answer(context, (store, version) => ({
      title: 'Compare studies',
      body: compareBody(store, chosen, facts, version),
    }));
  });
  app.get(`/studies/${idPattern}`, (context) => {
    const choice = choiceOf(new URL(context.req.url).searchParams);
    return answer(context, (store, version) => {
      const study = store.studyWithId(Number(context.req.param('id')));
      return study && { title: study.name, body: studyBody(store, { study, facts, version, choice }) };
    });
  });
  app.get(`/studies/${idPattern}/training`, (context) => {
    const { status, page } = pageOf(database, (store) => {
      const study = store.studyWithId(Number(context.req.param('id')));
      return study && { title: study.name, body: trainingSection(store, study) };
    });
    return context.html(page.body, status);
  });
  app.get(`/candidates/${idPattern}`, (context) =>
    answer(context, (store) => {
      const candidate = store.candidate(Number(context.req.param('id')));
      if (!candidate) return undefined;
      const study = store.studyWithId(candidate.studyId);
      return {
        title: candidate.name ?? `Candidate ${candidate.id}`,
        trail: study ? [{ text: study.name, href: `/studies/${study.id}` }] : [],
        body: candidateBody(store, candidate),
      };
    }),
  );
  app.notFound((context) => answer(context, () => undefined));
}

/** What there is to show: a page, or that there is none, or why the database cannot be read. */
function pageOf(
  database: WatchedDatabase,
  content: (store: Store, version: number) => Page | undefined,
): { readonly status: 200 | 404 | 503; readonly page: Page } {
  try {
    const page = database.read(content);
    if (page) return { status: 200, page };
    const body = html`<p>There is no such page. <a href="/">All studies</a></p>`;
    return { status: 404, page: { title: 'Not found', body } };
  } catch (error) {
    if (!(error instanceof ActivationSearchError)) throw error;
    const body = html`<p>${error.message}</p><p>${error.hint ?? ''}</p>
<p>This page shows it as soon as it can be read.</p>`;
    return { status: 503, page: { title: 'No database to show', body } };
  }
}

/** A foreign name that resolves to this machine is refused; addresses cannot be made to. */
function isAllowedHost(header: string | undefined, own: string): boolean {
  const name = (header ?? '')
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();
  return name === 'localhost' || name === own.toLowerCase() || isIP(name) !== 0;
}

function shippedText(name: string): string {
  return readFileSync(join(projectRoot, 'dashboard', name), 'utf8');
}
