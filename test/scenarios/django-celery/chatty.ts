/** A program that logs without a pause, to be dropped into `conf.d` while the daemon runs. */
import { readFileSync } from 'node:fs';

/** Bytes at which its log is rotated. */
export const chattyMaxBytes = 4096;

const lineLength = 64;

/** Its section; numbered lines of 64 bytes, so that a lost or doubled one is seen. */
export function chattySection(backups: number): string {
  return `[program:chatty]
command=/bin/sh -c 'n=0; while :; do n=$((n+1)); printf "%%063d\\n" $n; sleep 0.005; done'
stdout_logfile=%(ENV_SITE_RUN)s/log/chatty.log
stdout_logfile_maxbytes=${chattyMaxBytes}
stdout_logfile_backups=${backups}
stopasgroup=true
`;
}

/** The numbers in its log files, given oldest first; throws when a line is torn. */
export function chattyNumbers(files: readonly string[]): readonly number[] {
  const text = files.map((file) => readFileSync(file, 'latin1')).join('');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      if (!/^\d+$/.test(line) || line.length !== lineLength - 1) {
        throw new Error(`torn line ${JSON.stringify(line)}`);
      }
      return Number(line);
    });
}
