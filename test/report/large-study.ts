import { loadSearchSpace, storeSpace, tokensAt } from '../../src/search-space/search-space.ts';
import { Store } from '../../src/storage/store.ts';
import {
  diverged,
  refusedAsAffine,
  sampleCandidate,
  sampleStudy,
  scored,
  state,
} from '../storage/samples.ts';

/** A database with one study of so many proposals: half of them scored, the others failed or refused. */
export function writeLargeStudy(file: string, count: number): void {
  const store = Store.open(file);
  const space = loadSearchSpace('paper');
  const { id } = store.createStudy(sampleStudy('large', { space: storeSpace(space) }));
  const [relu, swish] = store.candidatesOf(id);
  if (!relu || !swish) throw new Error('baselines are missing');
  store.recordResults(id, [scored(relu, 0), scored(swish, 0.2)]);
  store.completeBatch(id, state(0));
  const size = 1000;
  for (let first = 1; first <= count; first += size) {
    const proposals = Array.from({ length: Math.min(size, count - first + 1) }, (_, index) => {
      const number = first + index;
      return sampleCandidate(number, {
        expression: `${number}*sin(x)/(1 + x^2)`,
        complexity: 3 + (number % 7),
        tokens: tokensAt(space, BigInt(number) % space.size),
        ...(number % 4 === 3 ? refusedAsAffine : {}),
      });
    });
    const batch = store.recordBatch(id, proposals, state(first));
    const results = batch
      .filter(({ status }) => status === 'waiting')
      .map((candidate) =>
        candidate.number % 4 === 1
          ? diverged(candidate, `loss is NaN at step ${candidate.number % 100}`)
          : scored(candidate, Math.sin(candidate.number)),
      );
    store.recordResults(id, results);
    store.completeBatch(id, state(first));
  }
  store.finishStudy(id);
  store.close();
}
