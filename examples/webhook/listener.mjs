/**
 * Tells a webhook of programs that ended without having been asked to, or that are given up.
 *
 *     node listener.mjs URL
 *
 * What the webhook does not take is delivered again by the daemon, a second later.
 */
import { listen } from 'supervisord-ts/listener';

const [url] = process.argv.slice(2);
if (url === undefined) {
  throw new Error('usage: node listener.mjs URL');
}

await listen(async (event) => {
  const { processname, groupname, from_state: before, expected } = event.fields;
  if (event.name === 'PROCESS_STATE_EXITED' && expected === '1') {
    return;
  }
  const state = event.name.replace('PROCESS_STATE_', '');
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      text: `${groupname}:${processname} is ${state} (was ${before})`,
      server: event.server,
      serial: event.serial,
    }),
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) {
    throw new Error(`${url} answered ${response.status}`);
  }
});
