import { existsSync, lstatSync, readlinkSync, symlinkSync, unlinkSync } from 'node:fs';

const isLink = (path: string): boolean =>
  lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;

/**
 * Makes a symbolic link; one that leads nowhere is replaced, it was left by an earlier run.
 *
 * @throws {Error} when anything else is at that path.
 */
export function placeLink(link: string, target: string): void {
  if (isLink(link) && !existsSync(link)) unlinkSync(link);
  if (lstatSync(link, { throwIfNoEntry: false }) !== undefined)
    throw new Error(`There is something at ${link} already; it was left as it is.`);
  symlinkSync(target, link);
}

/** Removes our link, and only ours. */
export function removeLink(link: string, target: string): void {
  if (isLink(link) && readlinkSync(link) === target) unlinkSync(link);
}
