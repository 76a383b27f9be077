/** Answers that come when nobody may want them any more. */
import { Superseded } from '../engine/engine.ts';

/** Hands on the answer unless it was stopped before; returns how to stop. An estate that was replaced has no answer. */
export function whenAnswered<T>(
  answer: Promise<T>,
  done: (value: T) => void,
  failed?: (error: unknown) => void,
): () => void {
  let wanted = true;
  const wait = async (): Promise<void> => {
    try {
      const value = await answer;
      if (wanted) done(value);
    } catch (error) {
      if (!wanted || error instanceof Superseded) return;
      if (failed === undefined) throw error;
      failed(error);
    }
  };
  void wait();
  return () => {
    wanted = false;
  };
}
