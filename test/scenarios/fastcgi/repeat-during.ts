/** Does `again` over and over, one after the other, as long as `work` is under way. Rejects when either does. */
export async function repeatDuring(
  again: () => Promise<unknown>,
  work: () => Promise<unknown>,
): Promise<void> {
  const state = { isDone: false };
  const working = work().finally(() => {
    state.isDone = true;
  });
  while (!state.isDone) {
    await again();
  }
  await working;
}
