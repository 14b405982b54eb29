import assert from 'node:assert/strict';
import { test } from 'node:test';
import { thumbnail } from '../../src/plot/thumbnail.ts';

test("a thumbnail has f and f' in different strokes, says what it shows, and stays small", () => {
  const x = Float64Array.from({ length: 101 }, (_, index) => -5 + index / 10);
  const values = x.map((at) => (at === 0 ? Number.NaN : 1e9 / at));
  const svg = thumbnail({ from: -5, to: 5, values, slopes: x }, 'f(x) = "1e9/x" & f\'');
  assert.match(svg, /aria-label="f\(x\) = &quot;1e9\/x&quot; &amp; f'"/);
  assert.equal(svg.match(/class="line"/g)?.length, 2);
  assert.equal(svg.match(/stroke-dasharray/g)?.length, 1);
  assert.doesNotMatch(svg, /NaN|Infinity|undefined|<style|<script/);
  for (const number of svg.match(/-?\d+(\.\d+)?(?=[ML,"])/g) ?? [])
    assert.ok(Math.abs(Number(number)) <= 1000);
  assert.ok(svg.length < 4000, `${svg.length} bytes`);
});
