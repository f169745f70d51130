import { execFile } from 'node:child_process';

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs a program to its end; gives what it printed.
 * @throws {Error} with what it said on its standard error, when it fails.
 */
export function run(
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(
      program,
      args,
      {
        maxBuffer: 64 * 1024 * 1024,
        encoding: 'utf8',
        ...(options.cwd !== undefined && { cwd: options.cwd }),
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C', ...options.env },
      },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else
          reject(
            new Error(
              `${[program, ...args].join(' ')} failed: ${lastLines(stderr) || error.message}`,
            ),
          );
      },
    );
  });
}

const lastLines = (text: string): string => text.trim().split('\n').slice(-8).join('\n');
