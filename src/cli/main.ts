#!/usr/bin/env node
// The version is answered before anything else is loaded.
const wanted = process.argv[2];
if (process.argv.length === 3 && (wanted === '--version' || wanted === '-V')) {
  const { version } = await import('./version.ts');
  process.stdout.write(`${version()}\n`);
} else {
  const { runCli } = await import('./program.ts');
  process.exitCode = await runCli(process.argv);
}
