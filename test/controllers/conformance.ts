import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Controller, ControllerKind, Told } from '../../src/controllers/controller.ts';
import { controllerKind, controllerOptions, type controllers } from '../../src/controllers/controllers.ts';
import { deriveSeed } from '../../src/random.ts';
import type { Tokens } from '../../src/search-space/search-space.ts';
import { loadSearchSpace, type SearchSpace } from '../../src/search-space/search-space.ts';

export interface ConformanceOptions {
  /** Options to test with; the defaults without them. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Must it propose every sequence of a small space exactly once, and then nothing? */
  readonly exhausts?: boolean;
}

/**
 * What every controller must do, whatever its method: one test file calls this for each. The contract is the
 * docstring of `Controller`.
 */
export function conformance(name: keyof typeof controllers, settings: ConformanceOptions = {}): void {
  const kind: ControllerKind = controllerKind(name);
  const options = controllerOptions(name, settings.options ?? {});
  const space = loadSearchSpace('paper');
  const create = (seed: number, over: SearchSpace = space): Controller => kind.create(over, seed, options);

  suite(`controller ${name}`, () => {
    test('proposes only token sequences of the space', () => {
      for (const tokens of life(create(1), 8, 25).flat()) assertValid(space, tokens);
    });

    test('proposes the same for the same seed and rewards', () => {
      assert.deepEqual(life(create(5), 6, 10), life(create(5), 6, 10));
    });

    test('has a state that is pure JSON and does not change by being saved', () => {
      const controller = create(3);
      life(controller, 3, 7);
      const state = controller.save();
      assert.deepEqual(JSON.parse(JSON.stringify(state)), state);
      assert.deepEqual(controller.save(), state);
    });

    test('restored after any tell goes on as the uninterrupted one', () => {
      const whole = life(create(11), 10, 9);
      for (const batches of [0, 1, 4, 9]) {
        const first = create(11);
        const before = life(first, batches, 9);
        const second = kind.restore(space, JSON.parse(JSON.stringify(first.save())));
        assert.deepEqual([...before, ...life(second, 10 - batches, 9)], whole);
      }
    });

    test('restored between ask and tell goes on as the uninterrupted one', () => {
      const whole = life(create(12), 6, 9);
      const first = create(12);
      life(first, 2, 9);
      const asked = first.ask(9);
      const second = kind.restore(space, JSON.parse(JSON.stringify(first.save())));
      second.tell(told(asked));
      assert.deepEqual(life(second, 3, 9), whole.slice(3));
    });

    test('is not changed by a restored copy of it', () => {
      const whole = life(create(13), 6, 5);
      const first = create(13);
      life(first, 3, 5);
      life(kind.restore(space, JSON.parse(JSON.stringify(first.save()))), 3, 5);
      assert.deepEqual(life(first, 3, 5), whole.slice(3));
    });

    test('proposes the same in another process', () => {
      const script = fileURLToPath(new URL('./sequence.js', import.meta.url));
      const printed = execFileSync(process.execPath, [script, name, '21', JSON.stringify(options)], {
        encoding: 'utf8',
      });
      assert.deepEqual(JSON.parse(printed), life(create(21), 4, 10));
    });

    test('takes refused, known and failed proposals as rewards', () => {
      const controller = create(8);
      for (const origin of ['refused', 'known', 'new'] as const) {
        const asked = controller.ask(6);
        controller.tell(
          asked.map((tokens) => ({ tokens, origin, rung: 1, reward: origin === 'known' ? 0.1 : null })),
        );
      }
      for (const tokens of controller.ask(6)) assertValid(space, tokens);
    });

    test('gives at most what is asked, and nothing when nothing is asked', () => {
      const controller = create(9);
      assert.equal(controller.ask(0).length, 0);
      controller.tell([]);
      assert.equal(controller.ask(1).length, 1);
    });

    test('works in a space of several units', () => {
      const wide = loadSearchSpace('paper', { units: 3 });
      for (const tokens of life(create(4, wide), 3, 20).flat()) assertValid(wide, tokens);
    });

    if (!kind.learns) {
      test('proposes the same whatever the sizes of batches, as it does not learn', () => {
        const one = create(6);
        const other = create(6);
        const sizes = [1, 17, 2, 40, 3];
        assert.deepEqual(
          sizes.flatMap((size) => one.ask(size)),
          other.ask(sizes.reduce((sum, size) => sum + size)),
        );
      });
    }

    if (settings.exhausts) {
      test('proposes every sequence of a space exactly once and then nothing', () => {
        const small = loadSearchSpace('small');
        const total = Number(small.size);
        const controller = create(2, small);
        const seen = new Set(
          life(controller, Math.ceil(total / 50) + 1, 50)
            .flat()
            .map(String),
        );
        assert.equal(seen.size, total);
        assert.deepEqual(controller.ask(10), []);
        assert.deepEqual(kind.restore(small, controller.save()).ask(10), []);
      });
    }
  });
}

/** Batches asked and told in turn, with rewards that depend on the tokens alone. */
export function life(controller: Controller, batches: number, size: number): readonly (readonly Tokens[])[] {
  return Array.from({ length: batches }, () => {
    const asked = controller.ask(size);
    controller.tell(told(asked));
    return asked;
  });
}

function told(asked: readonly Tokens[]): readonly Told[] {
  return asked.map((tokens): Told => {
    const draw = (deriveSeed('reward', tokens.join()) >>> 0) / 2 ** 32;
    if (draw < 0.1) return { tokens, reward: null, rung: 0, origin: 'refused' };
    return { tokens, reward: draw - 0.5, rung: draw > 0.8 ? 2 : 1, origin: draw < 0.2 ? 'known' : 'new' };
  });
}

function assertValid(space: SearchSpace, tokens: Tokens): void {
  assert.equal(tokens.length, space.tokenCounts.length);
  tokens.forEach((token, position) => {
    assert.ok(Number.isInteger(token) && token >= 0 && token < (space.tokenCounts[position] as number));
  });
}
