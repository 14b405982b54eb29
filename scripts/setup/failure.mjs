/** A step that could not be done: what was tried, and what a person can do about it. */
export class SetupFailure extends Error {
  /**
   * @param {string} message what could not be done and why
   * @param {{ tried?: readonly string[], remedy: string }} details
   */
  constructor(message, { tried = [], remedy }) {
    super(message);
    this.name = 'SetupFailure';
    this.tried = tried;
    this.remedy = remedy;
  }
}

/** @param {unknown} error */
export function failureText(error) {
  if (error instanceof SetupFailure) {
    const tried = error.tried.map((attempt) => `  tried: ${attempt.replaceAll('\n', '\n    ')}\n`).join('');
    return `error: ${error.message}\n${tried}${error.remedy}\n`;
  }
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const text = error instanceof Error ? error.message : String(error);
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') {
    return `error: the disk is full: ${text}\nMake room and run this again; what is finished is kept.\n`;
  }
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') {
    return `error: a file cannot be written: ${text}\nMake the checkout and the cache folder (ACTIVATION_SEARCH_CACHE) writable for you and run this again.\n`;
  }
  if (code === 'ENOTDIR' || code === 'EEXIST') {
    return `error: a file stands where a folder belongs: ${text}\nMove it away, or name another cache folder in ACTIVATION_SEARCH_CACHE, and run this again.\n`;
  }
  return `error: unexpected: ${error instanceof Error ? error.stack : text}\n`;
}
