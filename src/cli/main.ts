#!/usr/bin/env node
// The version is answered before anything else is loaded.
const wanted = process.argv[2];
if (process.argv.length === 3 && (wanted === '--version' || wanted === '-V')) {
  const { version } = await import('./version.ts');
  process.stdout.write(`${version()}\n`);
} else {
  // Whoever reads along may go away; a sale that is under way goes on.
  process.stdout.on('error', () => {});
  process.stderr.on('error', () => {});
  const { runCli } = await import('./program.ts');
  process.exitCode = await runCli(process.argv);
}
