/** Does something for each item, so many at once. */
export async function each<T>(atOnce: number, list: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < list.length) {
      const item = list[next];
      next += 1;
      await act(item);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}

/** Waits until something holds; throws what it last said when that takes too long. */
export async function until(holds: () => Promise<string | undefined>, seconds: number): Promise<void> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const problem = await holds();
    if (problem === undefined) return;
    if (Date.now() > end) throw new Error(problem);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
