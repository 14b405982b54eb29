#!/bin/sh
# Fits sin(3x) on [-1, 1] with one layer of eight units, in awk: the formula becomes the function f of the program.
# The request comes in the environment; the outcome is one line of JSON.
formula=$(printf '%s' "$ACTIVATION_SEARCH_FORMULA" |
  sed -E 's/[a-z]+\[([^]]*)\]/\1/g; s/\|([^|]*)\|/abs(\1)/g; s/\b(alpha|beta|gamma|delta)\b/1/g')
exec awk -v seed="$ACTIVATION_SEARCH_SEED" -v steps="$ACTIVATION_SEARCH_STEPS" '
function f(x) { return '"$formula"' }'"$(cat functions.awk)"'
BEGIN {
  srand(seed)
  for (i = 0; i < 8; i++) { w[i] = 4 * rand() - 2; b[i] = 2 * rand() - 1; v[i] = rand() - 0.5 }
  for (s = 1; s <= steps; s++) {
    x = 2 * rand() - 1; y = -sin(3 * x)
    for (i = 0; i < 8; i++) { z = w[i] * x + b[i]; h[i] = f(z); d[i] = (f(z + 0.001) - f(z - 0.001)) / 0.002; y += v[i] * h[i] }
    for (i = 0; i < 8; i++) { g = 0.05 * y * v[i] * d[i]; v[i] -= 0.05 * y * h[i]; w[i] -= g * x; b[i] -= g }
    error += y * y
    if (s % (steps / 20) == 0) { printf "{\"kind\": \"progress\", \"step\": %d, \"loss\": %.9g}\n", s, error * 20 / steps; error = 0 }
  }
  for (x = -1; x <= 1; x += 0.05) { y = -sin(3 * x); for (i = 0; i < 8; i++) y += v[i] * f(w[i] * x + b[i]); sum += y * y; n++ }
  printf "{\"kind\": \"outcome\", \"metrics\": {\"mse\": %.9g}}\n", sum / n
}'
