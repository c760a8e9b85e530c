/**
 * The interactive shell: shows the status, then carries out one line after the other.
 */
import type { Interrupts } from './interrupts.ts';
import { EndOfInput } from './reported-error.ts';
import { runLine } from './run-line.ts';
import type { Session } from './session.ts';

/** Runs until `quit`, ^D or ^C; each of them ends the line the prompt stands in. */
export async function runShell(session: Session, interrupts: Interrupts, prompt: string): Promise<void> {
  const end = await interrupts.during(async () => {
    let next = 'status';
    while ((await runLine(session, next)) !== 'quit') {
      next = await nextLine(session, `${prompt}> `);
    }
  });
  if (end === 'interrupted') {
    session.output('');
  }
}

/** The end of the input is a line like any other. */
async function nextLine(session: Session, prompt: string): Promise<string> {
  try {
    return await session.ask(prompt);
  } catch (error) {
    if (error instanceof EndOfInput) {
      return 'EOF';
    }
    throw error;
  }
}
