import { z } from 'zod';
import { Random } from '../random.ts';
import type { Tokens } from '../search-space/search-space.ts';
import { indexOfTokens, type SearchSpace } from '../search-space/search-space.ts';
import type { Controller, ControllerKind, ControllerState, Told } from './controller.ts';
import { type RlOptions, rlOptions } from './rl-options.ts';
import { type Choices, sample } from './rl-policy.ts';
import { createLearner, type Learner, learn } from './rl-ppo.ts';
import { firstJudgeState, type JudgeState, judge, judgeState } from './rl-rewards.ts';
import { createWeights, type PolicyShape } from './rl-weights.ts';

/** Smaller batches say less, and come more often: their learning rate is smaller in proportion. */
const fullBatch = 32;

/** Raw bytes of float32 values, in base64. */
const floats = z.base64();

const stateSchema = z.strictObject({
  options: rlOptions,
  random: z.array(z.int()),
  weights: floats,
  mean: floats,
  square: floats,
  steps: z.int().min(0),
  judge: judgeState,
  /** Sequences proposed so far, by number in base 36, each followed by a space. */
  proposed: z.string(),
  /** Proposals without a result yet, with their log-probabilities when they were drawn. */
  asked: z.strictObject({ tokens: z.array(z.array(z.int())), logProbabilities: z.array(z.number()) }),
});

/**
 * The controller of Ramachandran, Zoph and Le, "Searching for Activation Functions" (2017): a recurrent
 * network emits the tokens of each core unit in turn, each fed back to it, and proximal policy optimization
 * trains it, the exponential moving average of rewards being the baseline.
 *
 * The paper states neither sizes, rates nor PPO's form. Ours: an LSTM; a softmax layer for each position;
 * positions with one option take no step, for nothing is decided there; a whole sequence is one action of
 * PPO; an entropy bonus; Adam; every batch of results is learnt from at once and only once; rewards are ranks
 * by default (rl-rewards.ts). A sequence proposed before is drawn anew a few times, for its result is known
 * already: what is learnt from is the policy's own probability of what was taken in the end. Sequences are
 * sampled, never the likeliest taken.
 */
export const rl: ControllerKind = {
  summary: 'an LSTM proposes, trained on the rewards with proximal policy optimization, as in the paper',
  learns: true,
  options: rlOptions,
  create(space, seed, given) {
    const options = rlOptions.parse(given);
    const random = Random.fromSeed('rl', seed);
    const shape = shapeOf(space, options);
    const weights =
      shape.counts.length === 0 ? new Float32Array() : createWeights(shape, options.initialRange, random);
    return new ReinforcementLearning(space, {
      options,
      random,
      learner: createLearner(weights),
      judge: firstJudgeState,
      proposed: new Set(),
      asked: { tokens: [], logProbabilities: [] },
    });
  },
  restore(space, saved) {
    const state = stateSchema.parse(saved);
    const { options, steps, asked } = state;
    return new ReinforcementLearning(space, {
      options,
      random: Random.fromState(state.random),
      learner: {
        weights: decode(state.weights),
        mean: decode(state.mean),
        square: decode(state.square),
        steps,
      },
      judge: state.judge,
      proposed: new Set(state.proposed.split(' ').slice(0, -1)),
      asked,
    });
  },
};

interface State {
  readonly options: RlOptions;
  readonly random: Random;
  readonly learner: Learner;
  judge: JudgeState;
  readonly proposed: Set<string>;
  asked: { readonly tokens: readonly Tokens[]; readonly logProbabilities: readonly number[] };
}

class ReinforcementLearning implements Controller {
  readonly #space: SearchSpace;
  readonly #shape: PolicyShape;
  /** Positions at which there is something to decide. */
  readonly #positions: readonly number[];
  readonly #state: State;
  #saved: ControllerState | undefined;

  constructor(space: SearchSpace, state: State) {
    this.#space = space;
    this.#shape = shapeOf(space, state.options);
    this.#positions = decidedPositions(space);
    this.#state = state;
  }

  ask(count: number): readonly Tokens[] {
    if (count === 0 || this.#exhausted) return [];
    this.#saved = undefined;
    const drawn = this.#draw(count);
    for (let redraw = 0; redraw < this.#state.options.redraws; redraw++) {
      const repeats = this.#repeats(drawn);
      if (repeats.length === 0) break;
      const again = this.#draw(repeats.length);
      repeats.forEach((index, position) => {
        drawn[index] = again[position] as Drawn;
      });
    }
    for (const { tokens } of drawn) this.#state.proposed.add(this.#key(tokens));
    const tokens = drawn.map((one) => one.tokens);
    this.#state.asked = { tokens, logProbabilities: drawn.map((one) => one.logProbability) };
    return tokens;
  }

  tell(results: readonly Told[]): void {
    if (results.length === 0) return;
    this.#saved = undefined;
    const { asked, options, learner } = this.#state;
    if (String(results.map(({ tokens }) => tokens)) !== String(asked.tokens)) {
      throw new Error('the results are not of the proposals that rl was asked for');
    }
    const { advantages, state } = judge(this.#state.judge, results, options);
    this.#state.judge = state;
    this.#state.asked = { tokens: [], logProbabilities: [] };
    if (this.#positions.length === 0) return;
    const experience = {
      choices: this.#choicesOf(asked.tokens),
      logProbabilities: Float64Array.from(asked.logProbabilities),
      advantages,
    };
    const learningRate = options.learningRate * Math.min(1, results.length / fullBatch);
    learn(this.#shape, learner, experience, { ...options, learningRate });
  }

  /** Made once for each change, however often it is asked for. */
  save(): ControllerState {
    const { options, random, learner, judge, proposed, asked } = this.#state;
    this.#saved ??= {
      options,
      random: random.state(),
      weights: encode(learner.weights),
      mean: encode(learner.mean),
      square: encode(learner.square),
      steps: learner.steps,
      judge,
      proposed: [...proposed].map((key) => `${key} `).join(''),
      asked,
    };
    return this.#saved;
  }

  /** Has every sequence been proposed, where none is to be proposed twice? */
  get #exhausted(): boolean {
    const { options, proposed } = this.#state;
    return options.redraws > 0 && BigInt(proposed.size) === this.#space.size;
  }

  #draw(count: number): Drawn[] {
    const blank = this.#space.tokenCounts.map(() => 0);
    if (this.#positions.length === 0) return Array(count).fill({ tokens: blank, logProbability: 0 });
    const { random, learner } = this.#state;
    const { choices, logProbabilities } = sample(this.#shape, learner.weights, count, random);
    return Array.from(logProbabilities, (logProbability, index) => {
      const tokens = [...blank];
      this.#positions.forEach((position, decision) => {
        tokens[position] = choices.values[decision * count + index] as number;
      });
      return { tokens, logProbability };
    });
  }

  /** Indices of those that were proposed before or stand earlier in the batch. */
  #repeats(drawn: readonly Drawn[]): number[] {
    const batch = new Set<string>();
    return drawn.flatMap(({ tokens }, index) => {
      const key = this.#key(tokens);
      if (this.#state.proposed.has(key) || batch.has(key)) return [index];
      batch.add(key);
      return [];
    });
  }

  #choicesOf(sequences: readonly Tokens[]): Choices {
    const values = this.#positions.flatMap((position) =>
      sequences.map((tokens) => tokens[position] as number),
    );
    return { values: Int32Array.from(values), size: sequences.length };
  }

  #key(tokens: Tokens): string {
    return indexOfTokens(this.#space, tokens).toString(36);
  }
}

interface Drawn {
  readonly tokens: Tokens;
  /** Under the policy that drew it. */
  readonly logProbability: number;
}

function decidedPositions({ tokenCounts }: SearchSpace): number[] {
  return tokenCounts.flatMap((count, position) => (count > 1 ? [position] : []));
}

function shapeOf(space: SearchSpace, { embedding, hidden }: RlOptions): PolicyShape {
  const counts = decidedPositions(space).map((position) => space.tokenCounts[position] as number);
  return { counts, embedding, hidden };
}

function encode(values: Float32Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');
}

function decode(text: string): Float32Array {
  return new Float32Array(Uint8Array.from(Buffer.from(text, 'base64')).buffer);
}
