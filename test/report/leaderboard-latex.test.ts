import assert from 'node:assert/strict';
import { test } from 'node:test';
import { latexText, leaderboardLatex } from '../../src/report/leaderboard-latex.ts';
import { row, rows } from './samples.ts';

test('a ranking is a table of booktabs with formulas in math mode', () => {
  assert.equal(
    leaderboardLatex(rows, 1),
    String.raw`% Needs \usepackage{amsmath, booktabs}.
\begin{tabular}{rlrcrr}
\toprule
rank & function & score & 95\% interval & errors of ReLU & trials \\
\midrule
1 & $x \, \sigma\left(\beta \, x\right)$ (Swish) & 0.2000 & 0.1000 to 0.3000 & 90.0\% & 2 \\
2 & $x \, \sigma\left(x\right)$ (Swish-1) & 0.1000 & 0.0000 to 0.2000 & 100.0\% & 2 \\
3 & $\sin\left(x\right) + x$ (x + sin(x)) & 0.0000 & $-0.1000$ to 0.1000 & 110.0\% & 2 \\
4 & $\max\left(x, 0\right)$ (ReLU) & $-0.1000$ & $-0.2000$ to 0.0000 & 120.0\% & 2 \\
-- & $e^{x} \, \sin\left(x\right)$ & diverged &  &  & 2 \\
\bottomrule
\end{tabular}
`,
  );
});

test('a ladder of several rungs has a column for them', () => {
  const text = leaderboardLatex([row(1, 'sin(x)', { rung: 2 })], 2);
  assert.match(text, /\{rlrrcrr\}/);
  assert.match(text, /^1 & .* & 2 & 0\.2000 &/m);
});

test('names are escaped', () => {
  const text = leaderboardLatex([row(1, 'x', { name: '50% of a_b & {c}', kind: 'baseline' })], 1);
  assert.ok(text.includes(String.raw`(50\% of a\_b \& \{c\})`));
  assert.equal(
    latexText('\\ ~ ^ $ # |'),
    '\\textbackslash{} \\textasciitilde{} \\textasciicircum{} \\$ \\# \\textbar{}',
  );
});
