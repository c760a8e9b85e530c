/** Output of programs in the activity log, in the same words by both daemons. */
import { scenarioTest } from '../../helpers/scenario-test.ts';
import { onEachDaemon, Supervised } from '../lifecycle/supervised.ts';

onEachDaemon('output at level debug', (flavour) => {
  scenarioTest('B5.3, B16.7: is in the activity log', async ({ sandbox }) => {
    const speak = sandbox.write('speak.sh', `printf 'two\\nlines\\n'; printf '\\377' >&2; exec sleep 1000\n`);
    const capture = sandbox.write(
      'capture.sh',
      `printf '<!--XSUPERVISOR:BEGIN-->captured<!--XSUPERVISOR:END-->'; exec sleep 1000\n`,
    );
    const supervised = await Supervised.start(
      sandbox,
      flavour,
      `[program:speak]
command=/bin/sh ${speak}
startsecs=0

[program:capture]
command=/bin/sh ${capture}
startsecs=0
stdout_capture_maxbytes=1KB
`,
      'loglevel=debug',
    );
    await supervised.logged(/ DEBG 'speak' stdout output:\ntwo\nlines\n\n/);
    await supervised.logged(/ DEBG 'speak' stderr output:\nUndecodable: b'\\xff'\n/);
    await supervised.logged(/ DEBG 'capture' stdout output:\ncaptured\n/);
    await supervised.logged(/ DEBG 'capture' stdout emitted a comm event\n/);
  });
});
