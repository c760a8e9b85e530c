/** Asking for answers that come once each, within the call or later. */
import type { Clock, Timer } from './clock.ts';

/** Asks somebody who calls `answered` once, within the call if possible. */
export type Question<Answer> = (answered: (answer: Answer) => void) => void;

/** Asks them all, and calls `done` with the answers in the order of the questions: within the call, if all answer in theirs. */
export function askAll<Answer>(
  questions: readonly Question<Answer>[],
  done: (answers: readonly Answer[]) => void,
): void {
  const answers = new Map<number, Answer>();
  questions.forEach((ask, index) => {
    ask((answer) => {
      if (answers.has(index)) {
        return;
      }
      answers.set(index, answer);
      if (answers.size === questions.length) {
        done([...answers].toSorted(([a], [b]) => a - b).map(([, each]) => each));
      }
    });
  });
  if (questions.length === 0) {
    done([]);
  }
}

/** The answer itself if it comes within the call, else a promise of it. */
export function answerOf<Answer extends string | object>(
  question: Question<Answer>,
): Answer | Promise<Answer> {
  const answers: Answer[] = [];
  let take = (answer: Answer): void => void answers.push(answer);
  question((answer) => take(answer));
  const [answer] = answers;
  return (
    answer ??
    new Promise((resolve) => {
      take = resolve;
    })
  );
}

/** Milliseconds that a start or an update waits for logs to be opened. A file system may never answer. */
const openingPatienceMs = 1000;

/** An answer that is waited for, but not for ever. */
export class AwaitedAnswer<Answer> {
  readonly #clock: Clock;
  readonly #ifLate: Answer;
  readonly #proceed: (answer: Answer) => void;
  readonly #patienceMs: number;
  #timer: Timer | null = null;
  #isOver = false;

  /** `proceed` is called once: within {@link ask} if the answer comes within it; with `ifLate` if there is none in time. */
  constructor(
    clock: Clock,
    ifLate: Answer,
    proceed: (answer: Answer) => void,
    patienceMs = openingPatienceMs,
  ) {
    this.#clock = clock;
    this.#ifLate = ifLate;
    this.#proceed = proceed;
    this.#patienceMs = patienceMs;
  }

  ask(question: Question<Answer>): void {
    question((answer) => this.#end(answer));
    if (!this.#isOver) {
      const atMs = this.#clock.monotonicMs() + this.#patienceMs;
      this.#timer = this.#clock.schedule(atMs, () => this.#end(this.#ifLate));
    }
  }

  /** Nobody waits any more: `proceed` is not called. */
  giveUp(): void {
    this.#isOver = true;
    this.#timer?.cancel();
  }

  #end(answer: Answer): void {
    if (!this.#isOver) {
      this.giveUp();
      this.#proceed(answer);
    }
  }
}
