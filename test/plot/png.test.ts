import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode } from 'fast-png';
import { drawChart } from '../../src/plot/draw-chart.ts';
import { pngOf } from '../../src/plot/png.ts';

const chart = (title: string) => ({
  title,
  panels: [
    {
      title: 'p',
      x: { label: 'x' },
      y: { label: 'y' },
      series: [{ name: 's', style: 1, points: [0, 1].map((x) => ({ x, y: x })) }],
    },
  ],
});

test('a chart becomes a PNG of its size with its colors and its text', async () => {
  const svg = drawChart(chart('Text'));
  const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? [];
  const image = decode(await pngOf(svg));
  assert.deepEqual([image.width, image.height], [2 * Number(width), 2 * Number(height)]);
  const colors = new Set<string>();
  for (let at = 0; at < image.data.length; at += image.channels) {
    colors.add(
      [...image.data.subarray(at, at + 3)].map((part) => part.toString(16).padStart(2, '0')).join(''),
    );
  }
  for (const color of ['ffffff', '0072b2', '1f2328']) assert.ok(colors.has(color), color);
});

test('the same chart gives the same bytes, and other words others', async () => {
  const [one, same, other] = await Promise.all(
    ['Text', 'Text', 'Tint'].map((title) => pngOf(drawChart(chart(title)))),
  );
  assert.deepEqual(one, same);
  assert.notDeepEqual(one, other);
});
