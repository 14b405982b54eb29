// Two spirals around each other, told apart by a small network: a child of 35 lines.

const perClass = 200;

/** The points of both spirals, a point a row, and which spiral each is on. The offset takes other points of them. */
function spirals(tf, offset) {
  const points = [];
  const classes = [];
  for (let index = 0; index < perClass; index++) {
    const turn = (index + offset) / perClass;
    const angle = 3 * Math.PI * turn;
    for (const [spiral, sign] of [1, -1].entries()) {
      points.push([sign * turn * Math.cos(angle), sign * turn * Math.sin(angle)]);
      classes.push(spiral);
    }
  }
  return { x: tf.tensor2d(points), y: tf.tensor1d(classes, 'int32') };
}

/** Called once for each training. `activation()` makes a new layer of the candidate. */
export default function child({ tf, activation, options: { width = 16 } }) {
  const model = tf.sequential();
  model.add(tf.layers.dense({ units: width, inputShape: [2] }));
  model.add(activation());
  model.add(tf.layers.dense({ units: width }));
  model.add(activation());
  model.add(tf.layers.dense({ units: 2, activation: 'softmax' }));
  model.compile({
    optimizer: tf.train.adam(0.02),
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
  });
  return { model, data: { train: spirals(tf, 0), validation: spirals(tf, 0.5) } };
}
