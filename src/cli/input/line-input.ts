/**
 * Where lines are read from: a terminal with editing and history, or anything else, read line by line.
 */
export interface LineInput {
  /**
   * The next line without its end, or null at the end of the input.
   *
   * @param signal gives the question up; the promise rejects with its reason and no input is lost.
   */
  ask(prompt: string, signal?: AbortSignal): Promise<string | null>;
  /** As {@link ask}, without showing what is typed where that can be done. */
  askHidden(prompt: string): Promise<string | null>;
  /** Gives the stream back; the input cannot be used after it. */
  close(): void;
}
