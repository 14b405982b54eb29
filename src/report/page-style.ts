/** The style of a page of ours: follows the reader's light or dark theme, and prints. */
export const pageStyle = [
  ':root{color-scheme:light dark;--ground:#ffffff;--text:#1f2328;--quiet:#59636e;--line:#d1d9e0;--accent:#0072b2}',
  '@media screen and (prefers-color-scheme:dark){:root{--ground:#0d1117;--text:#e6edf3;--quiet:#9198a1;--line:#2b3139;--accent:#56b4e9}}',
  'body{margin:0 auto;max-width:80rem;padding:1rem;background:var(--ground);color:var(--text);font:16px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}',
  'a{color:var(--accent)}h1,h2,h3{line-height:1.25;overflow-wrap:anywhere}h2{border-bottom:1px solid var(--line);padding-bottom:.25rem;margin-top:2.5rem}',
  'code,pre{font-family:ui-monospace,"Cascadia Mono","DejaVu Sans Mono",monospace;font-size:.875em}pre{overflow-x:auto;border:1px solid var(--line);padding:.75rem}',
  '.table{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums}th,td{text-align:left;padding:.25rem .75rem .25rem 0;border-bottom:1px solid var(--line);vertical-align:top}',
  'th{color:var(--quiet);font-weight:600;white-space:nowrap}td.number{text-align:right}',
  'dl{display:grid;grid-template-columns:minmax(8rem,max-content) 1fr;gap:.125rem 1rem;margin:.5rem 0}dt{color:var(--quiet)}dd{margin:0;overflow-wrap:anywhere}',
  'article{border:1px solid var(--line);border-radius:6px;padding:0 1rem 1rem;margin:1rem 0;break-inside:avoid}',
  '.formula{overflow-x:auto}',
].join('\n');
