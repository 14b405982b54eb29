/** `+0.1250` or `-0.1250`; what rounds to 0 has a plus. */
export function signed(value: number, digits = 4): string {
  const text = Math.abs(value).toFixed(digits);
  return `${value < 0 && Number(text) > 0 ? '-' : '+'}${text}`;
}

/** A share as `93.0%`. */
export function percent(share: number, digits = 1): string {
  return `${(100 * share).toFixed(digits)}%`;
}

/** `6,250`. */
export function grouped(count: bigint | number): string {
  return count.toLocaleString('en-US');
}

/** `1 seed`, `3 seeds`. */
export function plural(count: bigint | number, noun: string): string {
  return `${grouped(count)} ${noun}${BigInt(count) === 1n ? '' : 's'}`;
}

/** Four significant digits, without zeros at the end. */
export function short(value: number): string {
  return Number(value.toPrecision(4)).toString();
}

export function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`;
}

export function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
