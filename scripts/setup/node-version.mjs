// Imports nothing, so that it also runs on a Node that the rest of the set-up does not know.

const least = { major: 20, minor: 19 };

/** Ends the process with a message if Node is too old for this project. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > least.major || (major === least.major && minor >= least.minor)) return;
  process.stderr.write(
    `error: this is Node ${process.versions.node}; activation-search needs ${least.major}.${least.minor} or later.\n` +
      'Install Node 20, 22 or 24 from https://nodejs.org or with your package manager, and run this again.\n',
  );
  process.exit(1);
}
