import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DOMParser, type Element, onErrorStopParsing } from '@xmldom/xmldom';
import type { Chart } from '../../src/plot/chart.ts';
import { drawChart } from '../../src/plot/draw-chart.ts';
import { element, rounded, textContent } from '../../src/plot/svg.ts';

const chart: Chart = {
  title: 'Scores & <others>',
  notes: ['3 "seeds"'],
  panels: [
    {
      title: 'best',
      x: { label: 'functions trained', logarithmic: true },
      y: { label: 'score' },
      series: [
        { name: 'random', mark: 'steps', points: [1, 2, 10].map((x) => ({ x, y: x / 10, low: 0, high: 1 })) },
        { name: 'rl:epochs=3', points: [1, 2, 10].map((x) => ({ x, y: x / 20 })) },
      ],
    },
    {
      title: 'found',
      x: { label: 'functions trained' },
      y: { label: 'share', range: [0, 1] },
      series: [{ name: 'rl:epochs=3', points: [{ x: 1, y: 0.5 }] }],
    },
  ],
};

function parsed(svg: string): Element {
  const root = new DOMParser({ onError: onErrorStopParsing }).parseFromString(
    svg,
    'image/svg+xml',
  ).documentElement;
  assert.ok(root);
  return root;
}

const all = (root: Element, name: string): Element[] => [...root.getElementsByTagName(name)];

test('a chart is well-formed SVG with the texts that people need', () => {
  const root = parsed(drawChart(chart));
  assert.equal(root.namespaceURI, 'http://www.w3.org/2000/svg');
  const texts = all(root, 'text').map(({ textContent }) => textContent);
  for (const expected of [
    'Scores & <others>',
    '3 "seeds"',
    'best',
    'found',
    'random',
    'rl:epochs=3',
    'score',
    'share',
  ]) {
    assert.ok(texts.includes(expected), expected);
  }
  assert.equal(texts.filter((one) => one === 'rl:epochs=3').length, 1, 'one legend for all panels');
  assert.equal(texts.filter((one) => one === 'functions trained').length, 2);
  assert.equal(all(root, 'title').length, 1);
});

test('lines are within the picture, bands only where there are any, coordinates finite', () => {
  const root = parsed(drawChart(chart));
  const width = Number(root.getAttribute('width'));
  const paths = all(root, 'path').map((path) => ({
    name: path.getAttribute('class'),
    d: path.getAttribute('d') ?? '',
  }));
  assert.equal(paths.filter(({ name }) => name === 'band').length, 1);
  // Three lines of series, and two in the legend.
  assert.equal(paths.filter(({ name }) => name === 'line').length, 5);
  for (const { d } of paths) {
    assert.doesNotMatch(d, /NaN|Infinity|undefined/);
    for (const number of d.match(/-?\d+(\.\d+)?/g) ?? []) assert.ok(Math.abs(Number(number)) <= width);
  }
});

test('a series has one color in all panels, and dashes besides', () => {
  const root = parsed(drawChart(chart));
  const styles = all(root, 'path')
    .filter((path) => path.getAttribute('class') === 'line')
    .map((path) => [
      (path.parentNode as Element).getAttribute('class'),
      path.getAttribute('stroke-dasharray'),
    ]);
  assert.equal(new Set(styles.map(String)).size, 2);
});

test('a chart follows the theme and asks for nothing from elsewhere', () => {
  const svg = drawChart(chart);
  assert.match(svg, /prefers-color-scheme:dark/);
  assert.doesNotMatch(svg, /url\((?!#)|href|@import|@font-face|<script/);
});

test('the same data give the same text', () => {
  assert.equal(drawChart(chart), drawChart(structuredClone(chart)));
});

test('flat, single, infinite and missing data make a chart too', () => {
  for (const points of [
    [],
    [{ x: 1, y: 3 }],
    [
      { x: 1, y: 3 },
      { x: 2, y: 3 },
    ],
    [{ x: 1, y: 1, high: Infinity }],
  ]) {
    for (const logarithmic of [false, true]) {
      const svg = drawChart({
        title: 't',
        panels: [
          { title: 'p', x: { label: 'x', logarithmic }, y: { label: 'y' }, series: [{ name: 's', points }] },
        ],
      });
      parsed(svg);
      assert.doesNotMatch(svg, /NaN|undefined/);
    }
  }
});

test('elements escape what they hold, and numbers have one text each', () => {
  assert.equal(
    element('a', { b: '<"&>', c: undefined, d: 1.005 }, textContent('x < y')),
    '<a b="&lt;&quot;&amp;&gt;" d="1">x &lt; y</a>',
  );
  assert.deepEqual([-0, 1.239, -0.001, 1e6].map(rounded), ['0', '1.24', '0', '1000000']);
});

test('the label of a y axis stands left of its longest tick', () => {
  const svg = drawChart({
    title: 't',
    panels: [
      {
        title: 'p',
        x: { label: 'x' },
        y: { label: 'score', range: [-0.00000004, 0.00000004] },
        series: [{ name: 's', points: [{ x: 1, y: 0 }] }],
      },
    ],
  });
  const texts = all(parsed(svg), 'text');
  const label = texts.find((one) => one.textContent === 'score')?.getAttribute('transform') ?? '';
  const right = Number(/translate\((\d+)/.exec(label)?.[1]);
  const ticks = texts.filter((one) => one.getAttribute('text-anchor') === 'end');
  assert.ok(ticks.some(({ textContent: text }) => (text?.length ?? 0) > 8));
  for (const tick of ticks) {
    const left = Number(tick.getAttribute('x')) - 6.8 * (tick.textContent?.length ?? 0);
    assert.ok(left > right, `${tick.textContent} begins at ${left}`);
  }
});
