const headerBytes = 32;
const frameHeaderBytes = 24;

/**
 * Finds damage inside SQLite's write-ahead log: the number of the first bad frame, from 1. SQLite itself
 * takes a bad frame for the torn end of the log and silently drops all that follows. But each of our
 * transactions is on the disk before the next begins, so only the last one can be torn: a bad frame with
 * a whole later transaction behind it was damaged afterwards. (File format: sqlite.org/fileformat2.html,
 * section 4.)
 */
export function damagedFrame(log: Uint8Array): number | undefined {
  const view = new DataView(log.buffer, log.byteOffset, log.byteLength);
  if (log.length < headerBytes + frameHeaderBytes) return undefined;
  const littleEndian = (view.getUint32(0) & 1) === 0;
  const pageBytes = view.getUint32(8);
  const frameBytes = frameHeaderBytes + pageBytes;
  const frames = Math.floor((log.length - headerBytes) / frameBytes);
  const start = (frame: number) => headerBytes + (frame - 1) * frameBytes;

  let sum = checksum(view, 0, 24, [0, 0], littleEndian);
  const headerIsGood = agrees(view, 24, sum);
  // With a bad header the frames still tell which belong together.
  const saltAt = headerIsGood ? 16 : headerBytes + 8;
  const salted = (frame: number) =>
    view.getBigUint64(start(frame) + 8) === view.getBigUint64(saltAt);

  let good = 0;
  while (headerIsGood && good < frames && salted(good + 1)) {
    const at = start(good + 1);
    sum = checksum(view, at, 8, sum, littleEndian);
    sum = checksum(view, at + frameHeaderBytes, pageBytes, sum, littleEndian);
    if (!agrees(view, at + 16, sum)) break;
    good++;
  }
  let committed = false;
  for (let frame = good + 1; frame <= frames; frame++) {
    if (!salted(frame)) continue;
    if (committed) return good + 1;
    // A commit carries the size of the database.
    committed = view.getUint32(start(frame) + 4) !== 0;
  }
  return undefined;
}

type Sum = readonly [number, number];

function checksum(view: DataView, at: number, length: number, seed: Sum, little: boolean): Sum {
  let [a, b] = seed;
  for (let offset = at; offset < at + length; offset += 8) {
    a = (a + view.getUint32(offset, little) + b) >>> 0;
    b = (b + view.getUint32(offset + 4, little) + a) >>> 0;
  }
  return [a, b];
}

const agrees = (view: DataView, at: number, [a, b]: Sum): boolean =>
  view.getUint32(at) === a && view.getUint32(at + 4) === b;
