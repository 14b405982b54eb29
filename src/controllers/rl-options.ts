import { z } from 'zod';
import { rewardKinds } from './rl-rewards.ts';

/** Options of the controller `rl`. */
export const rlOptions = z.strictObject({
  hidden: z.int().min(1).max(512).default(16).describe("length of the LSTM's hidden state"),
  embedding: z.int().min(1).max(512).default(8).describe('length of the embedding of a token'),
  initialRange: z
    .number()
    .positive()
    .max(2)
    .default(0.1)
    .describe('first weights are even in plus or minus this'),
  learningRate: z
    .number()
    .positive()
    .max(1)
    .default(0.01)
    .describe("Adam's learning rate for batches of 32 results and more; in proportion for smaller ones"),
  clip: z.number().positive().max(10).default(0.2).describe("bound of PPO's ratio: 1 minus and plus this"),
  epochs: z.int().min(1).max(100).default(4).describe('steps of gradient ascent on each batch of results'),
  entropy: z
    .number()
    .min(0)
    .max(10)
    .default(1)
    .describe("weight of the policy's entropy, which is 1 where all tokens are equally likely"),
  baselineDecay: z
    .number()
    .min(0)
    .max(0.9999)
    .default(0.8)
    .describe('share of the moving average of rewards that stays, a batch'),
  reward: z
    .enum(rewardKinds)
    .default('rank')
    .describe(
      'rank: share of the latest results outranked, sound on any ladder; score: the number itself while there is one rung, then as rank',
    ),
  window: z.int().min(1).max(100_000).default(256).describe('rank: among how many of the latest results'),
  sharpness: z
    .number()
    .positive()
    .max(20)
    .default(3)
    .describe('rank: the share to this power; above 1, the best stand out'),
  floor: z
    .number()
    .min(-1000)
    .max(1000)
    .default(-0.5)
    .describe('score: reward of refused and failed candidates (rank: always 0)'),
  redraws: z
    .int()
    .min(0)
    .max(1000)
    .default(20)
    .describe('how often a token sequence that was proposed before is drawn anew'),
});
export type RlOptions = z.infer<typeof rlOptions>;
