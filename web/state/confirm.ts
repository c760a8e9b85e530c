/** The one question that may be open, and its answer. */
import { signal } from '@preact/signals';

export interface Question {
  readonly title: string;
  readonly text: string;
  /** What it concerns, listed below the text. */
  readonly items: readonly string[];
  readonly confirm: string;
  readonly isDangerous: boolean;
}

interface OpenQuestion extends Question {
  answer(yes: boolean): void;
}

export const question = signal<OpenQuestion | null>(null);

/** Asks and waits. A question asked while another is open takes its place, which is answered with no. */
export function confirmed(asked: Question): Promise<boolean> {
  question.value?.answer(false);
  return new Promise((resolve) => {
    question.value = {
      ...asked,
      answer: (yes) => {
        question.value = null;
        resolve(yes);
      },
    };
  });
}
