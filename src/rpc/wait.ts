/**
 * Waiting for a process to get somewhere, or for its answer, without polling.
 */
import { answerOf, type Question } from '../system/answers.ts';
import type { ControlledProcess } from './supervisor-control.ts';

/**
 * Settles as soon as `reached` says true of the process, which is asked now and after every change of state;
 * rejects with what it throws, and with the signal's reason once nobody waits any more.
 *
 * Answers `true` itself, without a promise, when there is nothing to wait for, and throws likewise.
 */
export function waitUntil(
  process: ControlledProcess,
  signal: AbortSignal,
  reached: () => boolean,
): true | Promise<true> {
  if (reached()) {
    return true;
  }
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const end = (): void => {
      unsubscribe();
      signal.removeEventListener('abort', onAbort);
    };
    const onAbort = (): void => {
      end();
      reject(signal.reason);
    };
    const unsubscribe = process.onStateChange(() => {
      try {
        if (!reached()) {
          return;
        }
        resolve(true);
      } catch (error) {
        reject(error);
      }
      end();
    });
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

/**
 * Settles with the answer that `question` is given; rejects with the signal's reason once nobody waits any more.
 *
 * Answers with the answer itself, without a promise, when it comes within the call.
 */
export function waitForAnswer<Answer extends string | object>(
  question: Question<Answer>,
  signal: AbortSignal,
): Answer | Promise<Answer> {
  const answer = answerOf(question);
  if (!(answer instanceof Promise)) {
    return answer;
  }
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    answer
      .then((late) => resolve(late))
      .catch(reject)
      .finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/** What becomes of an answer: within the call, if the answer is there. */
export function whenAnswered<Answer extends string | object, Result>(
  answer: Answer | Promise<Answer>,
  become: (answer: Answer) => Result,
): Result | Promise<Result> {
  return answer instanceof Promise ? answer.then(become) : become(answer);
}
