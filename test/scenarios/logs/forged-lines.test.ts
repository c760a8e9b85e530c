/** What clients and listeners say cannot be taken for what the daemon says. */
import { expect } from 'vitest';
import { ours } from '../../helpers/flavours.ts';
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { callRpc } from '../../helpers/xml-rpc.ts';
import { onEachDaemon, Supervised } from '../lifecycle/supervised.ts';

const linePattern = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} [A-Z]{4} /;

onEachDaemon(
  'lines of the activity log',
  (flavour) => {
    scenarioTest("are the daemon's own, at level trace too", async ({ sandbox }) => {
      const ear = sandbox.write(
        'ear.sh',
        `printf 'READY\\n'; read event; printf 'a\\033[2J\\r\\302\\233b\\n'; exec sleep 1000\n`,
      );
      const supervised = await Supervised.start(
        sandbox,
        flavour,
        `[eventlistener:ear]
command=/bin/sh ${ear}
events=TICK_5,PROCESS_STATE
startsecs=0

[program:cat]
command=/bin/cat
startsecs=0
`,
        'loglevel=trace',
      );
      const forged = '2026-01-01 00:00:00,000 CRIT forged';
      const { api } = supervised.config;
      await callRpc(api, `no.x\n${forged}\u202e`).catch(() => undefined);
      await supervised.logged(
        / TRAC XML-RPC method called: no\.x\\n2026-01-01 00:00:00,000 CRIT forged.*\\u202e\(\)\n/,
      );
      await supervised.logged(/ WARN ear: bad result line: 'a\\x1b\[2J\\r\\x9bb'\n/);
      const text = supervised.daemon.output.text;
      expect(text.split('\n').filter((line) => line.startsWith(forged))).toEqual([]);
      expect(text).toMatch(linePattern);
    });
  },
  [ours],
);
