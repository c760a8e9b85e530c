/** What it costs that a kill of the daemon neither loses nor doubles a byte: the pump alone, with and without its exact mode. */
import { figuresOfFlood, type Flood, measureProgram, rotateAtBytes } from './log-throughput.ts';
import type { Benchmark } from './measure.ts';
import { LogRound } from './written-logs.ts';

const backups = 50;

const floods: readonly Flood[] = [100, 1000, 4096, 65_536].map((writeBytes) => ({
  name: `log-exact-${writeBytes}`,
  what: `exactly, writes of ${writeBytes} bytes`,
  writeBytes,
  totalBytes: writeBytes === 100 ? 1e8 : 1e9,
}));

export const exactness: readonly Benchmark[] = floods.map((flood) => ({
  name: flood.name,
  figures: figuresOfFlood(flood),
  rounds: 5,
  isOursOnly: true,
  measure: () => measurePump('exact', flood),
  measureLimit: () => measurePump('plain', flood),
}));

async function measurePump(mode: 'plain' | 'exact', flood: Flood): Promise<readonly number[]> {
  const round = new LogRound(flood.folder);
  try {
    const numbers = [rotateAtBytes, backups, flood.totalBytes].map(String);
    const args = [mode, round.sandbox.path('flood.log'), ...numbers];
    const figures = await measureProgram(round, flood, 'pump-log', args);
    await round.logged('flood.log', flood.totalBytes);
    return figures;
  } finally {
    await round.close();
  }
}
