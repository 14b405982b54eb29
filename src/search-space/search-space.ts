/** What other rooms use of this one. */
export { tokensToExpression } from './compose.ts';
export { type LoadOptions, loadSearchSpace, shippedSpaceNames } from './load.ts';
export { createSearchSpace, type Primitive, type SearchSpace, tokensPerUnit } from './space.ts';
export { restoreSpace, type StoredSpace, searchedSpace, storeSpace, withoutPlaces } from './stored.ts';
export {
  areTokens,
  type CoreUnit,
  coreUnits,
  describeTokens,
  enumerateTokens,
  indexOfTokens,
  neighbors,
  sampleTokens,
  type Tokens,
  tokensAt,
  unitTokens,
} from './tokens.ts';
