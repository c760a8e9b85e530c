import type { CommandContext } from '../command.ts';

/** B17.17: asks before something drastic when there is a person to ask; otherwise it is meant. */
export async function isAgreed(context: CommandContext, question: string): Promise<boolean> {
  if (!context.interactive) {
    return true;
  }
  const answer = await context.ask(question);
  return answer.toLowerCase().startsWith('y');
}
