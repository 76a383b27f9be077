/** The layout's thread, elkjs: laid out away from the page, newest question wins. */
import elkModule, { type ELK, type ElkNode } from 'elkjs/lib/elk-api.js';

let elk: ELK | undefined;

export function layOut(graph: ElkNode): Promise<ElkNode> {
  elk ??= new elkModule.default({ workerFactory: () => new Worker('layout.js') });
  return elk.layout(graph);
}
