import { compileActivation } from '../activation/compile.ts';
import { chooseBackend } from '../activation/usual-backend.ts';
import type { Expression } from '../expression/expression.ts';
import { download, inScope, release, upload } from '../tensorflow.ts';

const rows = 2048;
const channels = 64;
const passes = 25;

/**
 * Nanoseconds that an element takes on this machine, forward and backward, with the usual kernels: the best
 * of 25 passes over 131,072 elements.
 */
export function nanosecondsAnElement(expression: Expression): number {
  const activation = compileActivation(expression, chooseBackend(undefined));
  const shape = [rows, channels];
  // From -4 to 4, in an order that no processor foresees.
  const values = Float32Array.from(
    { length: rows * channels },
    (_, index) => ((index * 7919) % 8001) / 1000 - 4,
  );
  return inScope(() => {
    const x = upload(values, shape);
    const parameters = activation.parameters.map(({ initial }) =>
      upload(new Float32Array(channels).fill(initial), [channels]),
    );
    let best = Number.POSITIVE_INFINITY;
    for (let pass = 0; pass < passes; pass++) {
      const begun = performance.now();
      const { y, saved } = activation.forward(x, parameters, true);
      const { dx, dParameters } = activation.backward(saved, parameters, y);
      // Values are computed by the time they can be read.
      download(dx);
      best = Math.min(best, performance.now() - begun);
      for (const tensor of [y, dx, ...dParameters, ...saved]) release(tensor);
    }
    return (best * 1e6) / values.length;
  });
}
